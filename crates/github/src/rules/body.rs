//! Stored bodies, compressed by zstd at its fastest level.

use std::{cell::RefCell, io};

use zstd::bulk::{Compressor, Decompressor};

thread_local! {
    // Creating a context costs more than compressing a body with it.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Compresses a body for storage.
///
/// # Errors
/// When memory runs out.
pub fn pack(body: &[u8]) -> io::Result<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|compressor| match compressor {
        Some(compressor) => compressor.compress(body),
        None => compressor.insert(Compressor::new(1)?).compress(body),
    })
}

/// Decompresses a stored body; `size` is its original length.
///
/// # Errors
/// When the bytes were not produced by [`pack`] from a body of that length.
pub fn unpack(body: &[u8], size: i64) -> io::Result<Vec<u8>> {
    let size = usize::try_from(size).unwrap_or(0);
    DECOMPRESSOR.with_borrow_mut(|decompressor| match decompressor {
        Some(decompressor) => decompressor.decompress(body, size),
        None => decompressor.insert(Decompressor::new()?).decompress(body, size),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unpacked_body_equals_the_original() {
        for body in [&b""[..], b"{}", &[0; 100_000]] {
            let packed = pack(body).expect("packed");
            assert_eq!(unpack(&packed, body.len() as i64).expect("unpacked"), body);
        }
    }
}
