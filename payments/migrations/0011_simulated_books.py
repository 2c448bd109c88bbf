"""Refunds of before get the request that they were, and the simulated rail its own books."""

from django.db import migrations

from collective.core.db.triggers import DropTriggers, append_only

BACK = append_only("payments_refund")
BOOKS = append_only("payments_simulatedmovement")


def write_books(apps, schema_editor):
    models = {name: apps.get_model("payments", name) for name in ("Payment", "Refund", "RefundRequest", "RemovalRefund")}
    move = mover(apps.get_model("payments", "SimulatedMovement"))
    for payment in models["Payment"].objects.filter(rail="embedded"):
        move("charge", payment.reference, "", payment.currency, payment.amount_minor, payment.received_at)
    removals = {removal.pk: removal for removal in models["RemovalRefund"].objects.all()}
    for refund in models["Refund"].objects.select_related("order"):
        payment = models["Payment"].objects.get(order=refund.order)
        move("refund", refund.reference, payment.reference, payment.currency, -refund.amount_minor, refund.created_at)
        removal = removals.get(refund.pk)
        request = models["RefundRequest"].objects.create(
            order=refund.order,
            state="done",
            reference=refund.reference,
            amount_minor=refund.amount_minor,
            reason=refund.reason,
            actor=refund.actor,
            borne_by="loss" if removal else "pool",
            removed_records=removal.removed_records if removal else None,
            whole_records=removal.whole_records if removal else None,
            threshold_bps=removal.threshold_bps if removal else None,
        )
        models["Refund"].objects.filter(pk=refund.pk).update(request=request, borne_by=request.borne_by)


def mover(movements):
    def move(kind, reference, source, currency, amount, at):
        made = movements.objects.create(
            key=f"{kind}:{reference}",
            kind=kind,
            reference=reference,
            source=source,
            currency=currency,
            amount_minor=amount,
        )
        movements.objects.filter(pk=made.pk).update(created_at=at)

    return move


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0010_rails'),
    ]

    operations = [
        DropTriggers([*BACK, *BOOKS]),
        migrations.RunPython(write_books, migrations.RunPython.noop),
    ]
