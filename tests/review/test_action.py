"""The steps of the GitHub Action and of the GitLab job, run here: two runs leave one comment.

``gh`` and ``curl`` are stand-ins that keep comments in a file; git, jq and kafkatco are real.  The
step that installs the package is not run.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.paths import ROOT

yaml = pytest.importorskip("yaml")

pytestmark = pytest.mark.slow

SCENARIO = """[workload]
ingress = "{ingress} TB/month"
[prices]
as_of = 2026-10-31
[[deployment]]
kind = "confluent-basic"
region = "us-east-1"
"""
#: A stand-in: comments are [{"id", "body", "mine"}] in the file of GH_COMMENTS.
GH = """#!{python}
import json, os, pathlib, subprocess, sys
store = pathlib.Path(os.environ["STORE"])
comments = json.loads(store.read_text())
words = sys.argv[1:]
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps([words[0], *words[1:2]]) + "\\n")
def value(option):
    return words[words.index(option) + 1]
assert os.environ["GH_TOKEN"] == "the token"
if words[:2] == ["pr", "view"]:
    assert (words[2], value("--repo"), value("--json")) == ("7", "us/kafka", "comments")
    found = [
        {{
            "body": one["body"],
            "viewerDidAuthor": one["mine"],
            "url": f"https://github.com/us/kafka/pull/7#issuecomment-{{one['id']}}",
        }}
        for one in comments
    ]
    text = json.dumps({{"comments": found}})
    subprocess.run(["jq", "-r", value("--jq")], input=text, text=True, check=True)
elif words[:2] == ["pr", "comment"]:
    assert words[2] == "7"
    body = pathlib.Path(value("--body-file")).read_text()
    comments.append({{"id": 100 + len(comments), "body": body, "mine": True}})
elif words[0] == "api":
    assert value("--method") == "PATCH"
    [path] = [word for word in words if word.startswith("repos/us/kafka/issues/comments/")]
    [one] = [one for one in comments if one["id"] == int(path.rpartition("/")[2])]
    assert value("-F").startswith("body=@")
    one["body"] = pathlib.Path(value("-F").removeprefix("body=@")).read_text()
else:
    sys.exit(f"unexpected: {{words}}")
store.write_text(json.dumps(comments))
"""
CURL = """#!{python}
import json, os, pathlib, sys
store = pathlib.Path(os.environ["STORE"])
comments = json.loads(store.read_text())
words = sys.argv[1:]
assert "--fail" in words and "PRIVATE-TOKEN: the token" in words
[url] = [word for word in words if word.startswith("https://")]
head = "https://gitlab.example/api/v4/projects/5/merge_requests/7/notes"
assert url.startswith(head)
body = [word for word in words if word.startswith("body@")]
method = words[words.index("--request") + 1] if "--request" in words else "GET"
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps([method]) + "\\n")
if method == "GET":
    print(json.dumps(comments))
    sys.exit()
text = pathlib.Path(body[0].removeprefix("body@")).read_text()
if method == "POST":
    assert url == head
    comments.append({{"id": 100 + len(comments), "body": text, "mine": True}})
else:
    assert method == "PUT"
    [one] = [one for one in comments if url == f"{{head}}/{{one['id']}}"]
    one["body"] = text
store.write_text(json.dumps(comments))
"""


def git(folder: Path, *words: str) -> str:
    """Run git in a folder, without the user's own settings."""
    roles = [f"GIT_{role}" for role in ("AUTHOR", "COMMITTER")]
    names = {f"{role}_{what}": "x@y" for role in roles for what in ("NAME", "EMAIL")}
    none = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return subprocess.run(
        ["git", "-C", str(folder), *words],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, **names, **none},
    ).stdout.strip()


class Forge:
    """A repository with a changed scenario, and the stand-ins in front of everything else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.work, origin, self.bin = folder / "work", folder / "origin", folder / "bin"
        self.temp = folder / "temp"
        for path in (origin, self.bin, self.temp):
            path.mkdir()
        git(origin, "init", "--quiet", "--initial-branch", "main")
        (origin / "ours.toml").write_text(SCENARIO.format(ingress=10), encoding="utf-8")
        git(origin, "add", ".")
        git(origin, "commit", "--quiet", "--message", "base")
        self.base = git(origin, "rev-parse", "HEAD")
        git(folder, "clone", "--quiet", f"file://{origin}", str(self.work))
        self.change(11)
        self.store, self.calls = folder / "comments.json", folder / "calls"
        others = [
            {"id": 1, "body": "Looks good", "mine": False},
            # somebody else's copy of our mark is not ours to overwrite
            {"id": 2, "body": "<!-- kafkatco diff: ours.toml -->\\nfree!", "mine": False},
        ]
        self.store.write_text(json.dumps(others), encoding="utf-8")
        for name, text in {
            "kafkatco": f'#!/bin/sh\nexec "{sys.executable}" -m kafkatco "$@"\n',
            "gh": GH.format(python=sys.executable),
            "curl": CURL.format(python=sys.executable),
        }.items():
            (self.bin / name).write_text(text, encoding="utf-8")
            (self.bin / name).chmod(0o755)

    def change(self, ingress: float) -> None:
        """Change the traffic of the scenario in the working tree."""
        text = SCENARIO.format(ingress=f"{ingress:g}")
        (self.work / "ours.toml").write_text(text, encoding="utf-8")

    def run(self, script: str, env: dict[str, str]) -> int:
        """Run a script as the runner does; return its exit status."""
        files = {
            name: str(self.temp / name.lower()) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")
        }
        environ = {
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join(sys.path),
            "HOME": str(self.folder),
            "RUNNER_TEMP": str(self.temp),
            "STORE": str(self.store),
            "CALLS": str(self.calls),
            # pricing reaches no network
            "HTTPS_PROXY": "http://127.0.0.1:9",
            **files,
            **env,
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=self.work,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        self.said = done.stdout + done.stderr
        return done.returncode

    @property
    def comments(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.store.read_text(encoding="utf-8"))
        return found

    @property
    def called(self) -> list[str]:
        lines = self.calls.read_text(encoding="utf-8").splitlines()
        return [" ".join(json.loads(line)) for line in lines]


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    if not shutil.which("jq"):
        if os.environ.get("CI"):
            pytest.fail("jq is missing")
        pytest.skip("needs jq")
    return Forge(tmp_path)


ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


def value(text: str, context: dict[str, str]) -> str:
    """Return a text with each ``${{ name }}`` replaced; a name without a value is empty."""
    return re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda match: context.get(match[1], ""), text)


def holds(condition: str, context: dict[str, str]) -> bool:
    """Return whether a condition of a step holds: comparisons of names with texts."""
    results = []
    for part in condition.split(" && "):
        name, sign, text = re.fullmatch(r"([\w.-]+) (==|!=) '(.*)'", part).groups()  # type: ignore[union-attr]
        results.append((context.get(name, "") == text) == (sign == "=="))
    return all(results)


def act(forge: Forge, **inputs: str) -> int:
    """Run the steps of the Action, from the second; return the status of the one that fails."""
    context = {
        "github.token": "the token",
        "github.repository": "us/kafka",
        "github.event.pull_request.number": "7",
        "github.event.pull_request.base.sha": forge.base,
    }
    defaults = {
        name: value(one.get("default", ""), context) for name, one in ACTION["inputs"].items()
    }
    given = {name.replace("_", "-"): text for name, text in inputs.items()}
    context |= {f"inputs.{name}": text for name, text in (defaults | given).items()}
    for step in ACTION["runs"]["steps"][1:]:
        if "if" in step and not holds(step["if"], context):
            continue
        env = {name: value(text, context) for name, text in step["env"].items()}
        output = forge.temp / "github_output"
        output.write_text("", encoding="utf-8")
        status = forge.run(step["run"], env)
        if status:
            return status
        for line in output.read_text(encoding="utf-8").splitlines():
            name, _, text = line.partition("=")
            context[f"steps.{step.get('id')}.outputs.{name}"] = text
    return 0


def test_two_runs_of_the_action_leave_one_comment(forge: Forge) -> None:
    assert act(forge, head="ours.toml") == 0, forge.said
    mark, title = forge.comments[-1]["body"].splitlines()[:2]
    assert mark == "<!-- kafkatco diff: ours.toml -->"
    assert title.startswith("### Kafka: the monthly cost rises by ")
    forge.change(12)
    assert act(forge, head="ours.toml") == 0, forge.said
    *others, ours = forge.comments
    assert [one["id"] for one in others] == [1, 2]
    assert others[1]["body"].endswith("free!")
    assert ours["id"] == 102
    assert "traffic after: ingress 12 TB/month" in ours["body"]
    assert forge.called == ["pr view", "pr comment", "pr view", "api --silent"]


def test_the_action_fails_beyond_the_limit_and_comments_before(forge: Forge) -> None:
    forge.change(20)
    assert act(forge, head="ours.toml", max_increase="10 %") == 3
    assert "beyond the limit of 10 %" in forge.comments[-1]["body"]
    assert "::error::" in forge.said


def test_a_mistake_fails_the_action_without_a_comment(forge: Forge) -> None:
    assert act(forge, head="ours.toml", max_increase="much") == 2
    assert "such as '10 %' or '500 USD'" in forge.said
    assert len(forge.comments) == 2


def test_a_new_scenario_has_nothing_to_be_compared_with(forge: Forge) -> None:
    (forge.work / "new.toml").write_text(SCENARIO.format(ingress=1), encoding="utf-8")
    assert act(forge, head="new.toml") == 0
    assert "new.toml is new" in forge.said
    assert len(forge.comments) == 2


def test_inputs_are_data_and_never_run(forge: Forge) -> None:
    name = "$(touch hacked).toml"
    (forge.work / name).write_text(SCENARIO.format(ingress=1), encoding="utf-8")
    assert act(forge, head=name, base="ours.toml", comment="false") == 0, forge.said
    assert not (forge.work / "hacked").exists()
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step["run"]  # an expression in a script would be code


def test_the_action_uses_no_other_action() -> None:
    assert not [step for step in ACTION["runs"]["steps"] if "uses" in step]


def test_two_runs_of_the_job_of_gitlab_leave_one_note(forge: Forge) -> None:
    text = (ROOT / "docs" / "how-to" / "review-a-change.md").read_text(encoding="utf-8")
    [source] = [
        block for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if "image" in block
    ]
    job = yaml.safe_load(source)["kafkatco"]
    install, *lines = job["script"]
    assert install.startswith("pip install")
    env = {
        **{name: str(text) for name, text in job["variables"].items()},
        "KAFKATCO_TOKEN": "the token",
        "CI_API_V4_URL": "https://gitlab.example/api/v4",
        "CI_PROJECT_ID": "5",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": forge.base,
    }
    notes = [one for one in forge.comments if one["id"] == 1]
    forge.store.write_text(json.dumps(notes), encoding="utf-8")
    assert forge.run("\n".join(lines), env) == 0, forge.said
    forge.change(20)
    git(forge.work, "worktree", "remove", "--force", "../base")
    assert forge.run("\n".join(lines), env) == 3, forge.said
    first, ours = forge.comments
    assert first["body"] == "Looks good"
    assert "beyond the limit of 10 %" in ours["body"]
    assert forge.called == ["GET", "POST", "GET", "PUT"]
