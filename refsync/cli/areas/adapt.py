"""`refsync areas --adapt`: the shares of areas in a library."""

from pathlib import Path

from refsync import schemas
from refsync.classify.label_shift import FAR, FILE_NAME, MIN_PAPERS, write_shares
from refsync.classify.tagger import load_shipped
from refsync.cli.areas.library import expand_directories
from refsync.cli.common.exit_codes import UNREADABLE
from refsync.cli.common.inputs import exit_code, must_stop, read_inputs
from refsync.cli.common.options import Common
from refsync.cli.common.output import echo
from refsync.cli.common.output_files import write_file
from refsync.cli.common.progress import show_progress
from refsync.cli.common.text import counted, print_json
from refsync.dedup.profile import fingerprint
from refsync.errors import ConfigError
from refsync.planning.run_models import paper_of
from refsync.sources import STDIN, folder_of, is_remote

SHOWN_SHARES = 6  # of the areas of a model


def adapt(common: Common, inputs: tuple[str, ...], output: str) -> int:
    """Estimate the shares of areas in the library, and write them beside it.

    Raises:
        ConfigError: there are too few papers, or an own model is set.
    """
    if output:
        raise ConfigError(f"--adapt writes {FILE_NAME} beside the library and cannot be combined with -o")
    if common.config.areas.model:
        raise ConfigError("--adapt adapts the models of the package", hint="remove `model` from the settings")
    if any(name == STDIN or is_remote(name) for name in inputs):
        raise ConfigError("--adapt needs a library in a file, to write the shares beside it")
    target = (Path(inputs[0]) if Path(inputs[0]).is_dir() else folder_of(inputs[0])) / FILE_NAME
    files, _ = expand_directories(inputs)
    tagger = load_shipped()
    with show_progress(common.quiet) as report:
        reading = read_inputs(files, common, report)
        if must_stop(reading, common):
            return UNREADABLE
        records = {fingerprint(record): record for record in reversed(reading.records)}
        shares = tagger.estimate([paper_of(record) for record in records.values()])
    if shares.papers < MIN_PAPERS:
        raise ConfigError(
            f"the shares of areas need {MIN_PAPERS} papers with text; there are {shares.papers}",
            hint="name more files of the library",
        )
    distances = tagger.distances(shares)
    write_file(str(target), write_shares(shares), "areas")
    if common.json:
        print_json(schemas.area_shares(shares, distances, str(target)))
        return exit_code(reading)
    for name, of in shares.models.items():
        largest = sorted(of.items(), key=lambda item: (-item[1], item[0]))[:SHOWN_SHARES]
        echo(f"{name}: " + ", ".join(f"{area} {share:.0%}" for area, share in largest))
        if distances.get(name, 0) > FAR:
            echo(f"  far from the papers that the model was calibrated on (distance {distances[name]:.2f} of 1)")
    echo(f"written to {target}, from {counted(shares.papers, 'paper')}; `tag` and `run` use it from now on")
    return exit_code(reading)
