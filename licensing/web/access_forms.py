"""Forms about requests for access. They shape input; the rules are the services'."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from collective.accounts.models import Organization
from collective.core.errors import InvalidError
from licensing.domain import access_rules as rules
from licensing.domain.actions import ACTIONS
from licensing.domain.questions import ANSWER_MAX, CHOICE, FILE, KINDS, TEXT, WORDING_MAX, YES_NO, Question
from licensing.domain.vocabulary import LICENSEE_TYPES
from licensing.models import AccessQuestionSet, AccessRequest, Offer
from licensing.services.access import PURPOSE_MAX, TEXT_MAX

ACTION_CHOICES = [(action.code, action.question) for action in ACTIONS]
ACCEPTED = ".pdf,.png,.jpg,.jpeg,.txt"
FILE_HELP = _("PDF, PNG, JPEG or plain text, at most 5 MiB. Only the publisher of the dataset and you can read it.")
SPARE_QUESTIONS = 3
# Far enough for anybody, and a day later is still a date.
LAST_DAY = date(2999, 12, 31)
EMPTY = "—"


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def _offers(offers: Iterable[Offer]) -> list[tuple[str, str]]:
    return [(str(each.pk), f"{each.license_version.template.name}, {each.price}") for each in offers]


class AskForm(forms.Form):
    """The fields that every request has, and one for each question of the steward's."""

    licensee = forms.ModelChoiceField(
        queryset=Organization.objects.none(),
        label=_("Who asks"),
        help_text=_("You, or an organization that you belong to. The license would be in its name."),
        empty_label=None,
    )
    purpose = forms.CharField(
        label=_("What do you want to use the data for?"),
        help_text=_("A few sentences in any language that the publisher can read."),
        max_length=PURPOSE_MAX,
        widget=_area(5),
    )
    actions = forms.MultipleChoiceField(
        label=_("You want to"), choices=ACTION_CHOICES, widget=forms.CheckboxSelectMultiple, required=False
    )
    offers = forms.MultipleChoiceField(
        label=_("Under these licenses"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Leave all empty if any of them would do."),
    )
    question_set = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        organizations: "QuerySet[Organization]",
        offers: Iterable[Offer],
        questions: AccessQuestionSet | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions.rows if questions else []
        self.initial.setdefault("question_set", questions.pk if questions else None)
        self.fields["licensee"].queryset = organizations  # type: ignore[attr-defined] # a model choice
        choices = _offers(offers)
        if choices:
            self.fields["offers"].choices = choices  # type: ignore[attr-defined] # a multiple choice
        else:
            del self.fields["offers"]
        self.fields |= {f"answer_{each.code}": _answer_field(each) for each in self.questions}

    @property
    def answers(self) -> dict[str, str]:
        """Of everything but files. Precondition: `is_valid`."""
        plain = [each for each in self.questions if each.kind != FILE]
        return {each.code: str(self.cleaned_data[f"answer_{each.code}"] or "") for each in plain}

    @property
    def sent_files(self) -> dict[str, "UploadedFile[Any]"]:
        """By question code. Precondition: `is_valid`."""
        given = {each.code: self.cleaned_data[f"answer_{each.code}"] for each in self.questions if each.kind == FILE}
        return {code: file for code, file in given.items() if file}

    def show(self, refusal: InvalidError) -> None:
        """Where the refusal belongs: at its field, or above the form."""
        placed = {name if name in self.fields else f"answer_{name}": texts for name, texts in refusal.fields.items()}
        here = {name: texts for name, texts in placed.items() if name in self.fields}
        for name, texts in here.items():
            self.add_error(name, " ".join(texts))
        if not here:
            self.add_error(None, refusal.message)


def _answer_field(question: Question) -> forms.Field:
    about: dict[str, Any] = {"label": question.text, "required": question.required}
    if question.kind == FILE:
        return forms.FileField(help_text=FILE_HELP, widget=forms.FileInput(attrs={"accept": ACCEPTED}), **about)
    if question.kind == YES_NO:
        return forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect, **about)
    if question.kind == CHOICE:
        chosen = [(option, option) for option in question.options]
        return forms.ChoiceField(choices=[*([] if question.required else [("", EMPTY)]), *chosen], **about)
    return forms.CharField(max_length=ANSWER_MAX, widget=_area(3), **about)


class WordsForm(forms.Form):
    """One text: a reason, a question back, or an answer to it."""

    text = forms.CharField(max_length=TEXT_MAX, widget=_area(3))

    def __init__(self, *args: Any, label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label


class AnswerForm(WordsForm):
    file = forms.FileField(
        label=_("A file, if one is asked for"),
        help_text=FILE_HELP,
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )


class ApproveForm(forms.Form):
    text = forms.CharField(
        label=_("Your reason"), help_text=_("The requester reads it."), max_length=TEXT_MAX, widget=_area(3)
    )
    until = forms.DateField(
        label=_("They may take a license until"),
        help_text=_("Empty: without an end. A license that they take keeps its own time."),
        required=False,
        validators=[MaxValueValidator(LAST_DAY)],
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    offers = forms.MultipleChoiceField(
        label=_("Only under these licenses"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Leave all empty to allow any of them."),
    )

    def __init__(self, *args: Any, offers: Iterable[Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["offers"].choices = _offers(offers)  # type: ignore[attr-defined] # a multiple choice


class QuestionForm(forms.Form):
    code = forms.CharField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(label=_("Question"), required=False, max_length=WORDING_MAX, widget=_area(2))
    kind = forms.ChoiceField(label=_("Answered by"), choices=list(KINDS.items()), initial=TEXT)
    options = forms.CharField(
        label=_("Answers to choose from"),
        help_text=_("One on each line, for “one of several answers” only."),
        required=False,
        widget=_area(3),
    )
    required = forms.BooleanField(label=_("It must be answered"), required=False, initial=True)


QuestionFormSet = forms.formset_factory(QuestionForm, extra=SPARE_QUESTIONS, max_num=40, absolute_max=60)


def question_rows(forms_: Iterable[forms.Form]) -> list[dict[str, Any]]:
    """What was filled in, in order; an emptied question is left out. Precondition: all are valid."""
    given = [each.cleaned_data for each in forms_ if each.cleaned_data.get("text", "").strip()]
    return [{**row, "options": row["options"].splitlines() if row["kind"] == CHOICE else []} for row in given]


class RuleForm(forms.Form):
    """Every part that is filled in is a condition, and all must hold."""

    name = forms.CharField(label=_("Name of the rule"), max_length=150, widget=forms.TextInput(attrs={"dir": "auto"}))
    licensee_kind = forms.MultipleChoiceField(
        label=_("Whoever asks is one of"),
        choices=list(LICENSEE_TYPES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    purpose = forms.CharField(
        label=_("The purpose contains one of these words"),
        help_text=_("One on each line."),
        required=False,
        widget=_area(2),
    )
    actions = forms.MultipleChoiceField(
        label=_("They want to do nothing beyond"),
        choices=ACTION_CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    offer = forms.MultipleChoiceField(
        label=_("They ask for these licenses only"), required=False, widget=forms.CheckboxSelectMultiple
    )
    email_domain = forms.CharField(
        label=_("The person has a confirmed address at one of"),
        help_text=_("One on each line, as in example.org."),
        required=False,
        widget=_area(2),
    )
    days = forms.IntegerField(
        label=_("The approval holds for this many days"),
        help_text=_("Empty: without an end."),
        required=False,
        min_value=1,
        max_value=36_500,
    )

    LINES = (rules.PURPOSE, rules.DOMAIN)

    def __init__(self, *args: Any, offers: Iterable[Offer], questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.closed = [each for each in questions if each.values]
        self.fields["offer"].choices = _offers(offers)  # type: ignore[attr-defined] # a multiple choice
        for each in self.closed:
            self.fields[f"answer_{each.code}"] = forms.MultipleChoiceField(
                label=gettext("The answer to “%s” is one of") % each.text,
                choices=[(value, value) for value in each.values],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    @property
    def conditions(self) -> list[dict[str, Any]]:
        """Precondition: `is_valid`."""
        given = {name: self._values(name) for name in rules.FIELDS if name != rules.ANSWER}
        plain = [{"field": name, "any_of": values} for name, values in given.items() if values]
        answers = {each.code: self.cleaned_data[f"answer_{each.code}"] for each in self.closed}
        return plain + [
            {"field": rules.ANSWER, "question": code, "any_of": values} for code, values in answers.items() if values
        ]

    def _values(self, name: str) -> list[str]:
        value = self.cleaned_data[name]
        return [line.strip() for line in value.splitlines() if line.strip()] if name in self.LINES else list(value)


def shown_answers(request: AccessRequest, files: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    """Question, answer, and the file where the answer is one."""
    questions = request.question_set.rows if request.question_set else []
    words = {"yes": str(_("Yes")), "no": str(_("No"))}
    return [
        (
            each.text,
            words.get(request.answers.get(each.code, ""), request.answers.get(each.code, ""))
            if each.kind == YES_NO
            else request.answers.get(each.code, ""),
            files.get(each.code),
        )
        for each in questions
    ]
