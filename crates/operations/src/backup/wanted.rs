use std::{
    io::{self, Write},
    sync::Weak,
};

/// Writes while someone has the other reference, so that a process that stops does not wait for gigabytes.
pub(super) struct WhileWanted<'a>(pub(super) &'a mut dyn Write, pub(super) Weak<()>);

impl Write for WhileWanted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.1.strong_count() {
            0 => Err(io::Error::other("copying ended")),
            _ => self.0.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn what_no_one_wants_anymore_is_not_written() {
        let (mut to, wanted) = (Vec::new(), Arc::new(()));
        let mut writer = WhileWanted(&mut to, Arc::downgrade(&wanted));
        writer.write_all(b"one").expect("written");
        drop(wanted);
        writer.write_all(b"two").expect_err("ended");
        assert_eq!(to, b"one");
    }
}
