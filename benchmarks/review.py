"""Response times of the review page, over HTTP.

    python benchmarks/review.py [--pairs 5000] [--papers 1000] [--requests 200]

An invented library (that of benchmarks/dedup.py), in which every two consecutive records are a question. Each kind of
request is sent over one connection, as by a browser, once with no answers in the file and once with half of the pairs
answered. `answer` is the verdict "same"; its line is on disk when the response arrives.
Prints a table and writes benchmarks/results/review.json.
"""

import argparse
import http.client
import itertools
import json
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from benchmarks.dedup import invented_library
from refsync.classify.model import Area
from refsync.dedup.explain import explain_pair
from refsync.dedup.results import Deduplication, Link
from refsync.dedup.settings import DedupSettings
from refsync.review.areas import Paper
from refsync.review.queue import Library
from refsync.review.session import Session
from refsync.review.web.server import Server

RESULTS = Path(__file__).parent / "results" / "review.json"


def sample_library(pairs: int, papers: int) -> Library:
    records, _ = invented_library(2 * pairs, 1)
    settings = DedupSettings()
    evidence = [
        explain_pair(records[0], records[1], settings).pair,
        explain_pair(records[2], records[3], settings).pair,
    ]
    links = []
    for number in range(pairs):
        a, b = 2 * number, 2 * number + 1
        pair = evidence[number % 2]
        numbered = replace(pair, a=a, b=b, probability=0.35 + 0.6 * (number % 100) / 100)
        links.append(Link((a, b), numbered.probability, "", (numbered,)))
    areas = tuple(Area(name, 0.5, applied=False) for name in ("cs.CV", "cs.LG", "math.PR"))
    unsure = [
        Paper(
            id=f"p{i}",
            members=(i,),
            record=records[i],
            title=records[i].get("title"),
            abstract=records[i].get("abstract"),
            areas=areas,
            because=(),
        )
        for i in range(papers)
    ]
    return Library(records, Deduplication(review=tuple(links)), settings, papers=unsure, areas=["cs.CV", "cs.LG"])


class Browser:
    """One connection to the page."""

    def __init__(self, server: Server) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port)
        self.headers = {"Sec-Fetch-Site": "same-origin", "Origin": f"http://127.0.0.1:{server.port}"}
        _, headers = self.ask("GET", server.address.partition(str(server.port))[2])
        self.headers["Cookie"] = headers["set-cookie"].partition(";")[0]
        location = self.ask("GET", "/")[1]["location"]
        page = self.ask("GET", location)[0].decode()
        found = re.search(r'name="refsync-token" content="([^"]+)"', page)
        assert found
        self.headers["X-Refsync-Token"] = found[1]

    def ask(self, method: str, path: str, body: Any = None) -> tuple[bytes, dict[str, str]]:
        data = None if body is None else json.dumps(body)
        headers = self.headers | ({"Content-Type": "application/json"} if data else {})
        self.connection.request(method, path, data, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        assert answer.status in (200, 303), text
        return text, {name.lower(): value for name, value in answer.getheaders()}


def response_times(send: Callable[[], object], requests: int) -> dict[str, float]:
    """Milliseconds: median, 95th percentile, maximum, and CPU time of server and client."""
    times = []
    busy = time.process_time()
    for _ in range(requests):
        start = time.perf_counter()
        send()
        times.append(1000 * (time.perf_counter() - start))
    busy = 1000 * (time.process_time() - busy) / requests
    times.sort()
    return {
        "median": round(statistics.median(times), 1),
        "p95": round(times[int(0.95 * len(times))], 1),
        "worst": round(times[-1], 1),
        "cpu": round(busy, 1),
    }


def request_kinds(browser: Browser, session: Session) -> Iterator[tuple[str, Callable[[], object]]]:
    names = itertools.cycle([question.id for question in session.select("uncertain")[::7]])
    unanswered = itertools.cycle([question.id for question in session.select("uncertain")[1::2]])
    words = itertools.cycle(session.library.records[i].get("title").split()[0] for i in range(0, 2000, 37))
    papers = itertools.cycle([paper.id for paper in session.papers])

    def do(**action: Any) -> None:
        browser.ask("POST", "/do", {"show": "uncertain", **action})

    yield "a question", lambda: browser.ask("GET", f"/q/{next(names)}?show=uncertain")
    yield "the queue as a list", lambda: browser.ask("GET", "/list?show=uncertain")
    yield "search", lambda: browser.ask("GET", f"/?show=uncertain&find={next(words)}")
    yield "choose a value", lambda: do(do="choose", id=next(names), field="title", place=1)
    yield "answer", lambda: do(do="answer", id=next(unanswered), verdict="same")
    yield "undo", lambda: do(do="undo")
    yield "a paper's areas", lambda: browser.ask("GET", f"/areas/{next(papers)}")
    yield "accept an area", lambda: do(do="area", id=next(papers), areas={"cs.CV": True}, next=True)
    yield "anything new?", lambda: browser.ask("GET", "/state")


def run(library: Library, requests: int, answered: int) -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory() as folder:
        session = Session(library, Path(folder) / "refsync-decisions.jsonl", "benchmark")
        for question in session.select("uncertain")[: 2 * answered : 2]:
            session.answer(question, "same")
        server = Server(session)
        ready = threading.Event()
        thread = threading.Thread(target=server.run, args=(ready.set,))
        thread.start()
        ready.wait()
        try:
            browser = Browser(server)
            return {name: response_times(send, requests) for name, send in request_kinds(browser, session)}
        finally:
            server.stop()
            thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5000)
    parser.add_argument("--papers", type=int, default=1000)
    parser.add_argument("--requests", type=int, default=200)
    options = parser.parse_args()
    library = sample_library(options.pairs, options.papers)
    results = {f"{n} answered": run(library, options.requests, n) for n in (0, options.pairs // 2)}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"pairs": options.pairs, "milliseconds": results}, indent=2) + "\n", encoding="utf-8")
    for answered, times in results.items():
        print(f"\n{options.pairs:,} pairs, {answered}\n")
        print("| request | median ms | 95th percentile | worst | CPU ms |\n|---|---|---|---|---|")
        for name, row in times.items():
            print(f"| {name} | {row['median']} | {row['p95']} | {row['worst']} | {row['cpu']} |")


if __name__ == "__main__":
    main()
