"""Rows for tests, made the way the product makes them wherever a service exists."""

from typing import Any

import factory
from django.contrib.auth import get_user_model

from collective.accounts.models import Membership, Organization, User
from collective.accounts.services import create_personal_organization
from collective.catalog.models import Contribution, Dataset, DatasetVersion

PASSWORD = "a long walk to the market"


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A person with a personal organization."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"person{number}@example.org")
    name = factory.Sequence(lambda number: f"Person {number}")

    @classmethod
    def _create(cls, model_class: type[User], *_args: Any, **kwargs: Any) -> User:
        user = model_class.objects.create_user(password=kwargs.pop("password", PASSWORD), **kwargs)
        create_personal_organization(user=user)
        return user


class OrganizationFactory(factory.django.DjangoModelFactory[Organization]):
    """`OrganizationFactory(owner=user)` also makes the owner's membership."""

    class Meta:
        model = Organization
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Organization {number}")
    slug = factory.Sequence(lambda number: f"organization-{number}")

    @classmethod
    def _create(cls, model_class: type[Organization], *_args: Any, **kwargs: Any) -> Organization:
        owner: User | None = kwargs.pop("owner", None)
        organization = model_class.objects.create(**kwargs)
        if owner is not None:
            Membership.objects.create(organization=organization, user=owner, role=Membership.OWNER)
        return organization


class DatasetFactory(factory.django.DjangoModelFactory[Dataset]):
    """`DatasetFactory(steward=user)` is stewarded by an organization of that user."""

    class Meta:
        model = Dataset

    class Params:
        steward = factory.SubFactory(UserFactory)

    organization = factory.LazyAttribute(lambda dataset: OrganizationFactory(owner=dataset.steward))
    created_by = factory.SelfAttribute("steward")
    slug = factory.Sequence(lambda number: f"dataset-{number}")
    title = factory.Sequence(lambda number: f"Dataset {number}")
    modality = "text"
    open_to_contributions = True


class ContributionFactory(factory.django.DjangoModelFactory[Contribution]):
    class Meta:
        model = Contribution

    dataset = factory.SubFactory(DatasetFactory)
    contributor = factory.SubFactory(UserFactory)
    payee = factory.LazyAttribute(lambda contribution: contribution.contributor.personal_organization)
    title = "A contribution"


class VersionFactory(factory.django.DjangoModelFactory[DatasetVersion]):
    """Still building; `catalog.services.seal_version` publishes it."""

    class Meta:
        model = DatasetVersion

    dataset = factory.SubFactory(DatasetFactory)
    major, minor, patch = 1, 0, 0
