"""What services read of the project: workflows, forms, citation, containers and the RO-Crate."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from compendium import verify
from compendium.site import crate
from compendium.site.material import gather
from conftest import PROJECT, TESTS

FORMS, WORKFLOWS = PROJECT / ".github" / "ISSUE_TEMPLATE", PROJECT / ".github" / "workflows"
SCHEMAS = {
    "github-workflows": sorted(WORKFLOWS.glob("*.yml")),
    "github-issue-forms": sorted(FORMS.glob("fact-*.yml")),
    "github-issue-config": [FORMS / "config.yml"],
    "citation-file-format": [PROJECT / "CITATION.cff"],
}
CONTEXT = (TESTS / "vendored" / "ro-crate" / "context-1.2.json").read_bytes()


@pytest.mark.parametrize("schema", SCHEMAS)
def test_what_a_service_reads_is_as_its_schema_says(schema: str):
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    done = subprocess.run([*check, *SCHEMAS[schema]], capture_output=True, text=True)
    assert SCHEMAS[schema] and done.returncode == 0, done.stdout


def steps(workflow: str) -> list[str]:
    """What the jobs of a workflow run, in order."""
    jobs = yaml.safe_load((WORKFLOWS / f"{workflow}.yml").read_text("utf-8"))["jobs"].values()
    return [step["run"] for job in jobs for step in job["steps"] if "run" in step]


def test_workflows_run_commands_that_exist():
    help_ = subprocess.run(["make", "help"], cwd=PROJECT, capture_output=True, text=True).stdout
    known = {"make", *(f"make {name}" for name in re.findall(r"^make (\S+)", help_, re.MULTILINE))}
    asked = [(name, one.split(" #")[0].strip()) for name in ("tests", "site") for one in steps(name)]
    assert len(asked) > 5
    for workflow, command in asked:
        words = command.split()
        if words[:2] == ["python", "start.py"]:
            assert words[2] in ("run", "check", "-m")
            assert all((PROJECT / word).exists() for word in words if word.startswith("tests/"))
        elif words[0] == "make":
            assert command in known, command
        else:
            assert words[0] in ("mkdir", "cp", "echo") and workflow == "site", command


@pytest.mark.long
def test_the_pages_that_are_published_lead_to_both_mandates(made: Path, tmp_path: Path):
    for folder in ("build/site", "build/examples/trafficking/site"):
        shutil.copytree(made / "build" / "site", tmp_path / folder)
    for command in (one for one in steps("site") if not one.startswith("make")):
        assert subprocess.run(["bash", "-e", "-c", command], cwd=tmp_path).returncode == 0, command
    pages = tmp_path / "build" / "pages"
    assert "url=site/index.html" in (pages / "index.html").read_text()
    assert (pages / "site" / "index.html").exists() and (
        pages / "examples/trafficking/site/index.html"
    ).exists()


@pytest.mark.long
def test_the_steps_of_a_release_work_in_a_folder_of_their_own(made: Path, tmp_path: Path):
    project, tools = tmp_path / "project", tmp_path / "tools"
    verify.copy(PROJECT, project)
    shutil.copytree(PROJECT / "figures", project / "figures")
    shutil.copytree(made / "build" / "site", project / "build" / "site")
    tools.mkdir()
    for name in ("gh", "make"):
        (tools / name).write_text(f'#!/bin/sh\necho "{name} $*" >> "$LOG"\n')
        (tools / name).chmod(0o755)
    (tools / "python").symlink_to(sys.executable)
    version = json.loads((PROJECT / "data" / "datapackage.json").read_text("utf-8"))["version"]
    env = os.environ | {"PATH": f"{tools}:{os.environ['PATH']}", "LOG": str(tmp_path / "log")}
    for command in steps("release"):
        run = subprocess.run(
            ["bash", "-e", "-c", command], cwd=project, env=env | {"GITHUB_REF_NAME": f"v{version}"}
        )
        assert run.returncode == 0, command
    made_, checked, released = (tmp_path / "log").read_text().splitlines()
    assert (made_, checked) == ("make ", "make verify") and released.startswith(
        f"gh release create v{version}"
    )
    names = {path.name for path in (project / "build" / "release").iterdir()}
    assert {"notebooks.tar.gz", "site.tar.gz", "OUTPUTS.sha256", crate.FILE} < names and len(names) == 5
    first = steps("release")[0]
    assert subprocess.run(
        ["bash", "-c", first], cwd=project, env=env | {"GITHUB_REF_NAME": "v0.0.0"}
    ).returncode


def test_containers_set_up_as_anybody_does():
    container = json.loads((PROJECT / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
    assert container["postCreateCommand"] == "python start.py set-up"
    after = (PROJECT / "postBuild").read_text("utf-8").splitlines()
    assert after[0] == "#!/bin/bash" and "python -m compendium check" in after
    assert os.access(PROJECT / "postBuild", os.X_OK)


@pytest.mark.form
def test_the_crate_is_that_of_the_project_as_it_is():
    described = json.loads((PROJECT / crate.FILE).read_text("utf-8"))
    assert described == crate.crate(gather(PROJECT, None, None)), "make writes it anew"


def test_the_crate_is_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """By its own validator, without a network: the one thing that it asks for there is the context."""
    from rocrate_validator import models, services

    requests = sys.modules["requests"]

    def answer(self: object, method: str, url: str, **more: object) -> object:
        assert url == "https://w3id.org/ro/crate/1.2/context"
        response = requests.Response()
        response.status_code, response._content = 200, CONTEXT
        response.headers["Content-Type"] = "application/ld+json"
        return response

    monkeypatch.setattr(requests.Session, "request", answer)
    reader = sys.modules["rdflib.plugins.shared.jsonld.context"]
    read = reader.source_to_json

    def given(source: object, *more: object, **named: object) -> object:
        return (json.loads(CONTEXT), None) if "w3id.org" in str(source) else read(source, *more, **named)

    monkeypatch.setattr(reader, "source_to_json", given)
    verify.copy(PROJECT, tmp_path / "project")
    shutil.copytree(PROJECT / "figures", tmp_path / "project" / "figures")

    def issues() -> list[str]:
        asked = services.ValidationSettings(
            rocrate_uri=str(tmp_path / "project"),
            profile_identifier="ro-crate-1.2",
            requirement_severity=models.Severity.REQUIRED,
        )
        return [str(one.message) for one in services.validate(asked).get_issues()]

    assert issues() == []
    path = tmp_path / "project" / crate.FILE
    path.write_text(path.read_text("utf-8").replace('"license"', '"licence"'), "utf-8")
    assert any("license" in one for one in issues())


def test_each_page_tells_machines_what_it_is(made: Path):
    for page in ("index", "03-thematic-output"):
        html = (made / "build" / "site" / f"{page}.html").read_text("utf-8")
        (told,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
        said = json.loads(told)
        assert said["@context"] == "https://schema.org" and said["license"] == [crate.CC_BY]
        kind = {"index": "Dataset"}.get(page, "ScholarlyArticle")
        assert said["@type"] == kind and said.get("isPartOf", said)["@type"] == "Dataset"
        assert "Cite this page" in html


def test_what_machines_read_cannot_end_the_script(made: Path):
    material = gather(PROJECT, None, None)
    told = crate.script(material, "03-thematic-output", "</script><b>", "&")
    assert told.count("<") == 2
