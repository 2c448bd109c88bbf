"""docker-compose.yml, Dockerfile, .env.example and the settings tell one story; no engine is needed to see that."""

import ast
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from django.conf import settings
from environs import Env

from collective.core.supervision import commands
from collective.settings.safety import unsafe

ROOT: Path = settings.BASE_DIR
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
IN_BYTES_AND_SECONDS = ("UPLOAD_PART_BYTES", "SCANNER_SECONDS", "SCANNER_STREAM_BYTES")
OURS = ("prepare", "web", "worker", "scheduler")


def read_by_settings() -> set[str]:
    """The first argument of every `env.something("NAME", …)` under collective/settings."""
    return {
        node.args[0].value
        for path in (ROOT / "collective" / "settings").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def in_example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().split("# --- Read by docker-compose.yml only")
    return dict(re.findall(r"^# ([A-Z][A-Z0-9_]+)=(.*)$", lines[0], re.MULTILINE))


def substituted() -> set[str]:
    """Variables that the compose file takes from .env."""
    return set(re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", (ROOT / "docker-compose.yml").read_text()))


def test_the_example_names_every_variable_and_no_other() -> None:
    assert set(in_example()) == read_by_settings()


def test_the_example_names_what_compose_substitutes() -> None:
    only_compose = (ROOT / ".env.example").read_text().split("# --- Read by docker-compose.yml only")[1]
    passwords = set(re.findall(r"^# ([A-Z][A-Z0-9_]+)=", only_compose, re.MULTILINE))
    assert passwords == substituted() - read_by_settings()


@pytest.mark.parametrize("name", ["PORT", "WEB_WORKERS", "WEB_THREADS", "FEE_BPS", "HOLD_DAYS", *IN_BYTES_AND_SECONDS])
def test_the_example_shows_the_defaults(name: str) -> None:
    assert in_example()[name] == str(getattr(settings, name))


def test_the_services_are_those_of_the_house() -> None:
    assert set(SERVICES) == {"postgres", "redis", "s3", "bucket", "scanner", *OURS}


@pytest.mark.parametrize("service", OURS)
def test_our_services_run_one_image_with_one_environment(service: str) -> None:
    assert SERVICES[service]["image"] == SERVICES["web"]["image"] == "data-collective:latest"
    environment = SERVICES[service]["environment"]
    assert environment == SERVICES["web"]["environment"]
    assert set(environment) - {"DJANGO_SETTINGS_MODULE"} <= read_by_settings()
    assert environment["DJANGO_SETTINGS_MODULE"] == "collective.settings.production"


@pytest.mark.parametrize("service", [name for name in SERVICES if name not in {"bucket", "prepare"}])
def test_every_lasting_service_has_a_health_check_and_comes_back(service: str) -> None:
    assert SERVICES[service]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[service]["restart"] == "unless-stopped"


@pytest.mark.parametrize("service", [name for name in SERVICES if name not in OURS])
def test_foreign_images_are_pinned(service: str) -> None:
    image, _, tag = SERVICES[service]["image"].partition(":")
    assert image in {"postgres", "redis", "minio/minio", "minio/mc", "clamav/clamav"}
    assert tag
    assert tag != "latest"


def test_dependencies_exist_and_are_waited_for_in_the_right_way() -> None:
    for service in SERVICES.values():
        for name, needed in service.get("depends_on", {}).items():
            lasting = "healthcheck" in SERVICES[name]
            assert needed["condition"] == ("service_healthy" if lasting else "service_completed_successfully")


def test_ports_are_published_to_this_machine_only_and_agree() -> None:
    published = {port for service in SERVICES.values() for port in service.get("ports", [])}
    assert published == {"127.0.0.1:8000:8000", "127.0.0.1:9000:9000"}
    assert SERVICES["web"]["environment"]["PORT"] == settings.PORT == 8000
    assert "EXPOSE 8000" in (ROOT / "Dockerfile").read_text()
    assert "@s3:9000/" in SERVICES["web"]["environment"]["STORAGE_URL"]


def test_the_scanner_is_there_only_for_those_who_ask_for_it() -> None:
    """What to put into .env is written beside the service, and is what the settings understand."""
    assert SERVICES["scanner"]["profiles"] == ["scanner"]
    assert SERVICES["web"]["environment"]["SCANNER"] == "${SCANNER:-off}"
    assert not any("scanner" in service.get("depends_on", {}) for service in SERVICES.values())
    told = re.search(r"SCANNER=(\S+) and COMPOSE_PROFILES=scanner", (ROOT / "docker-compose.yml").read_text())
    assert told is not None
    assert urlsplit(told[1])[:2] == ("tcp", "scanner:3310")


def test_volumes_are_declared_and_used() -> None:
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert used == set(COMPOSE["volumes"])


def test_the_commands_are_those_of_the_supervisor() -> None:
    web = re.search(r'^CMD \["(.+)"\]$', (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert web is not None
    assert web[1].split('", "') == commands.web_command()[2:]
    assert SERVICES["worker"]["command"][1:] == ["manage.py", "work"]
    assert SERVICES["scheduler"]["command"][-1] == commands.sweeper_command()[-1] == "sweep"


def test_the_environment_of_compose_is_safe_enough_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = dict.fromkeys(substituted(), "0123456789-a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r-s-t-u")
    secrets |= {"SITE_URL": "https://data.example.org", "ALLOW_SIMULATED_PAYMENTS": "1"}
    for name, text in SERVICES["web"]["environment"].items():
        monkeypatch.setenv(name, re.sub(r"\$\{([A-Z0-9_]+)[^}]*\}", lambda match: secrets[match[1]], str(text)))
    assert list(unsafe(Env())) == []


def test_the_image_uses_the_tools_of_the_makefile() -> None:
    version = re.search(r"^UV_VERSION := (\S+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert version is not None
    assert f"uv=={version[1]}" in (ROOT / "Dockerfile").read_text()


def test_continuous_integration_runs_the_one_command() -> None:
    assert (ROOT / ".ci" / "run").read_text().splitlines()[1:] == ["exec make test"]
