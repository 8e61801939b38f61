"""Fetch files with limits, time-outs and retries, and without a key in any message.

A file is streamed to disk, so that gigabytes need little memory.  After a temporary failure (a
time-out, a lost connection, status 429 or 5xx) it is tried again, with growing pauses.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import logging
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import requests

from kafkatco.errors import Problem, RefreshError
from kafkatco.i18n.message import EMPTY, _
from kafkatco.prices.refresh.fetched_file import Origin, Raw, read_json
from kafkatco.prices.refresh.parse import failed

__all__ = ["NotThereError", "Progress", "Validators", "Web"]

#: Called with the file's label, its bytes so far, their total (0 if unknown), and its rows so far.
Progress = Callable[[str, int, int, int], None]
#: The ``etag``, ``modified`` (both as the server sent) and ``sha256`` of a file's last version.
Validators = dict[str, str]

MEGABYTE: Final = 1_000_000
#: The longest wait for a connection, and for the next bytes [s].
TIMEOUT: Final = (10.0, 60.0)
#: The longest time for one file [s].
DEADLINE: Final = 3600.0
#: The longest pause that a server may request [s].
LONGEST_PAUSE: Final = 60.0
PASSING: Final = (408, 425, 429, 500, 502, 503, 504)
CHUNK: Final = 1 << 18
#: The loggers of the address of each request, which may have a key in it.
LOGGERS: Final = ("urllib3.connection", "urllib3.connectionpool")


class NotThereError(RefreshError):
    """A file that the server does not have (HTTP status 404)."""


class _Passing(Exception):  # noqa: N818 - no error yet: it is tried again
    def __init__(self, reason: str, pause: float | None = None) -> None:
        self.reason = reason
        self.pause = pause


@dataclass
class Web:
    """A session that fetches the files of one refresh.

    ``seen`` has the validators of files from the last refresh, by which unchanged files are
    skipped.  ``now_seen`` collects those of this session.  ``pause`` is the first pause before
    another try [s], which doubles each time.
    """

    seen: Mapping[str, Validators] = field(default_factory=dict)
    progress: Progress | None = None
    tries: int = 4
    pause: float = 1.0
    now_seen: dict[str, Validators] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._session = requests.Session()
        self._session.max_redirects = 5
        self._session.headers["User-Agent"] = "kafkatco (price tables)"
        self._session.auth = _as_it_is

    def __enter__(self) -> Web:
        return self

    def __exit__(self, *_error: object) -> None:
        self._session.close()

    @contextlib.contextmanager
    def file(
        self,
        url: str,
        *,
        label: str,
        most: int = 64 * MEGABYTE,
        shown: str | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        skip: bool = False,
    ) -> Iterator[Raw | None]:
        """Fetch a file of at most ``most`` bytes, and delete it after use.

        With ``skip`` it is ``None`` if the file did not change since the last refresh.  ``shown``
        is the address without its key.  With a key, in the address, in the headers or as ``auth``,
        no redirect is followed, since it would carry the key elsewhere.
        """
        secret = headers is not None or auth is not None or shown is not None
        shown = shown or url
        with tempfile.TemporaryDirectory(prefix="kafkatco-") as folder:
            path = Path(folder) / "raw"
            validators = self.seen.get(shown, {}) if skip else {}
            request = dict(headers or {})
            for name, key in (("If-None-Match", "etag"), ("If-Modified-Since", "modified")):
                request |= {name: validators[key]} if key in validators else {}
            for attempt in range(self.tries):
                try:
                    with _unlogged() if secret else contextlib.nullcontext():
                        received = self._fetch(url, path, label, most, request, auth, secret)
                    break
                except _Passing as passing:
                    if attempt == self.tries - 1:
                        sentence = _(
                            "{reason}, {count} times: {address}",
                            reason=passing.reason,
                            count=self.tries,
                            address=shown,
                        )
                        raise failed(label, sentence) from None
                    pause = passing.pause or self.pause * 2**attempt
                    time.sleep(min(pause, LONGEST_PAUSE))
            if received is None or (validators and received["sha256"] == validators["sha256"]):
                self.now_seen[shown] = dict(validators)
                yield None
                return
            published = received.pop("published", "")
            if skip:
                self.now_seen[shown] = received
            date = dt.date.fromisoformat(published) if published else None
            yield Raw(label, path, Origin(shown, received["sha256"], date))

    def _fetch(
        self,
        url: str,
        path: Path,
        label: str,
        most: int,
        headers: dict[str, str],
        auth: tuple[str, str] | None,
        secret: bool,
    ) -> Validators | None:
        """Fetch a file once; ``None`` if it has not changed."""
        start = time.monotonic()
        try:
            with self._session.get(
                url,
                headers=headers,
                auth=auth,
                stream=True,
                timeout=TIMEOUT,
                allow_redirects=not secret,
            ) as reply:
                conditional = {"If-None-Match", "If-Modified-Since"} & headers.keys()
                if conditional and reply.status_code == requests.codes.not_modified:
                    return None
                _check_reply(reply, url, label)
                total = _number(reply.headers.get("Content-Length"))
                digest, size = hashlib.sha256(), 0
                with path.open("wb") as file:
                    for chunk in reply.iter_content(CHUNK):
                        size += len(chunk)
                        if size > most:
                            sentence = _("the file has more than {count:,} bytes", count=most)
                            raise failed(label, sentence)
                        if time.monotonic() - start > DEADLINE:
                            sentence = _("the file took more than {count:g} s", count=DEADLINE)
                            raise failed(label, sentence)
                        digest.update(chunk)
                        file.write(chunk)
                        if self.progress:
                            self.progress(label, size, total, 0)
                validators = {
                    "etag": reply.headers.get("ETag", ""),
                    "modified": reply.headers.get("Last-Modified", ""),
                    "published": _date(reply.headers.get("Last-Modified", "")),
                }
                validators = {name: text for name, text in validators.items() if text}
                return {**validators, "sha256": digest.hexdigest()}
        # the text of an exception is not shown: it has the address, which may have a key
        except requests.TooManyRedirects:
            raise failed(label, _("too many redirects")) from None
        except requests.exceptions.SSLError:
            raise failed(label, _("the server's certificate is not trusted")) from None
        except requests.Timeout:
            raise _Passing(_("no answer in time")) from None
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            raise _Passing(_("lost connection")) from None
        except ValueError:  # as requests.exceptions.InvalidURL is
            raise failed(label, _("invalid URL")) from None
        except requests.RequestException as error:
            sentence = _("the request failed ({kind})", kind=type(error).__name__)
            raise failed(label, sentence) from None
        except OSError as error:  # a full disk, or REQUESTS_CA_BUNDLE, which has no strerror
            sentence = _("the certificates in REQUESTS_CA_BUNDLE cannot be read")
            if error.strerror:
                sentence = _("the file cannot be stored: {reason}", reason=error.strerror)
            raise failed(label, sentence) from None

    def json(self, url: str, *, label: str, **options: Any) -> tuple[dict[str, Any], Origin]:
        """Fetch a JSON object, with decimals for numbers."""
        with self.file(url, label=label, **options) as raw:
            assert raw is not None  # nothing is skipped
            return read_json(raw), raw.origin


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Leave a request unchanged: otherwise a ``.netrc`` file would replace a token."""
    return request


@contextlib.contextmanager
def _unlogged() -> Iterator[None]:
    """Keep addresses, which may have keys, out of every log."""
    loggers = [logging.getLogger(name) for name in LOGGERS]
    for logger in loggers:
        logger.addFilter(_never)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(_never)


def _never(_record: logging.LogRecord) -> bool:
    return False


def _check_reply(reply: requests.Response, url: str, label: str) -> None:
    code = reply.status_code
    if code in PASSING:
        reason = _("HTTP status {code}", code=code)
        raise _Passing(reason, _pause(reply.headers.get("Retry-After", "")))
    if reply.is_redirect:
        raise failed(label, _("a redirect, which would carry the key elsewhere"))
    if code != requests.codes.ok:
        hints = {401: _("Check the key"), 403: _("Check the key and its access to prices")}
        problem = Problem(label, "", _("HTTP status {code}", code=code), hints.get(code, EMPTY))
        kind = NotThereError if code == requests.codes.not_found else RefreshError
        raise kind("refresh", [problem])
    hops = [hop.url for hop in reply.history] + [reply.url]
    if urlsplit(url).scheme == "https" and any(urlsplit(hop).scheme != "https" for hop in hops):
        raise failed(label, _("a redirect from https to an unencrypted connection"))


def _pause(text: str) -> float | None:
    return float(text[:9]) if text.isdecimal() else None


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 16 else 0


def _date(text: str) -> str:
    try:
        return parsedate_to_datetime(text).date().isoformat() if text else ""
    except (ValueError, OverflowError):
        return ""
