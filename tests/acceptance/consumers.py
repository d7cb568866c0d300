"""Programs that follow the log lose nothing while the generator rotates it."""

import delivery
from consumer import Mtail, Rsyslogd, Tail, TailFile
from followed import Followed
from generator import complaints, workplace
from series import content, faults, rotated

LINES = 200_000
# Half a second of lines.
OUTPUT = "log_rotation: {max_size_mb: 1.2, backup_count: 1000, compress: true}"
# In twenty seconds. The last files may still wait for the compressor when the run ends.
FEWEST_ROTATIONS = 35
MOST_WAITING = 3


def measure(binary, figures):
    notices(figures)
    with workplace(on_disk=True) as place:
        with Followed(binary, place, Rsyslogd, Tail, TailFile, Mtail, output=OUTPUT) as followed:
            with followed.generator(LINES) as generator:
                generator.finish()
            sent = followed.sent()
            followed.wait_for(sent)
        figures.equal("consumers: lines of the same stream without rotation", sent.count(b"\n"), LINES)
        files = rotated(generator.directory)
        figures.holds(f"consumers: at least {FEWEST_ROTATIONS} rotations",
                      len(files) >= FEWEST_ROTATIONS, len(files))
        plain = [path for path in files if path.suffix != ".gz"]
        figures.at_most("consumers: rotated files that are not compressed", len(plain), MOST_WAITING)
        figures.none("consumers: files with other names",
                     set(generator.directory.glob("access.log-*")) - set(files))
        on_disk = b"".join(map(content, [*files, generator.access_log]))
        followed.judge(figures, "consumers", sent, on_disk)
        run = generator.directory / "run.json"
        delivery.all_there(binary, figures, "consumers: the disk", run,
                           generator.directory.glob("access.log*"), LINES)
        figures.none("consumers: complaints", complaints(generator.said()))


def notices(figures):
    """If the judge overlooks these faults, its verdict means nothing."""
    sent = b"one\ntwo\nthree\n"
    overlooked = [
        received for fault, received in (
            ("lost", b"one\nthree\n"),
            ("doubled", b"one\ntwo\ntwo\nthree\n"),
            ("foreign", b"one\ntwo\nthr"),
            ("foreign", b"one\ntwothree\n"),
            ("out of order", b"two\none\nthree\n"),
        ) if not any(wrong.startswith(fault) for wrong in faults(sent, received))
    ]
    figures.none("consumers: faults that the judge overlooks", overlooked)
