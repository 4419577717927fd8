//! The lines of the log.

use std::io::{self, Stderr, Write};

use super::Metric;

/// Lines that are lost.
pub(crate) const LOST: Metric = Metric::counter(
    "guildhall_log_lines_lost_total",
    "Log lines that could not be written to standard error.",
);

/// Standard error as the destination of log lines. A line that cannot be written, because the disk is full or a pipe was
/// closed, is counted and otherwise ignored: the default would panic, and end the work that logged it.
pub(super) struct Lines<W = Stderr>(W);

impl Lines {
    pub(super) fn new() -> Self {
        Self(io::stderr())
    }
}

impl<W: Write> Write for Lines<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.0.write_all(line).is_err() {
            LOST.add(&[], 1);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().or(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A destination without space.
    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::StorageFull.into())
        }
    }

    #[test]
    fn a_line_that_cannot_be_written_is_ignored() {
        let mut lines = Lines(Full);
        assert_eq!(lines.write(b"ready\n").expect("ignored"), 6);
        lines.flush().expect("ignored");
        let mut lines = Lines(Vec::new());
        lines.write_all(b"ready\n").expect("written");
        assert_eq!(lines.0, b"ready\n");
    }
}
