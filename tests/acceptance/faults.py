"""Disks that fill up, and kill -9 in the middle of a rotation: no line is torn, lost or doubled."""

import full_disk
import killed
import stays_full


def measure(binary, figures):
    full_disk.measure(binary, figures)
    stays_full.measure(binary, figures)
    killed.measure(binary, figures)
