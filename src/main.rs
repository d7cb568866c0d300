//! The binary; what it runs is still being built.

fn main() {}
