use std::{
    cell::RefCell,
    io::{self, Write as _},
};

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, header::ACCEPT_ENCODING},
};
use flate2::{Compression, write::GzEncoder};
use zstd::bulk::Compressor;

/// The fastest level that still compresses well: pages are small, and many are sent once.
const ZSTD_LEVEL: i32 = 1;
const GZIP_LEVEL: u32 = 4;
const BROTLI_QUALITY: i32 = 4;
const SMALL_BROTLI_QUALITY: i32 = 9;
/// The sizes of brotli's window, as powers of two of bytes.
const SMALLEST_WINDOW: u32 = 16;
const LARGEST_WINDOW: u32 = 22;

thread_local! {
    /// Cached per thread, because creating a compressor costs as much as compressing a page.
    static ZSTD: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
}

/// A content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Coding {
    Zstd,
    Brotli,
    Gzip,
    Identity,
}

/// The compressed codings, fastest first, which decides between codings that the client prefers equally.
const COMPRESSED: [(Coding, &str); 3] =
    [(Coding::Zstd, "zstd"), (Coding::Brotli, "br"), (Coding::Gzip, "gzip")];

impl Coding {
    /// Negotiates the coding of a response.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(ACCEPT_ENCODING).iter();
        let lines: Vec<&str> = lines.filter_map(|line| line.to_str().ok()).collect();
        let accepted = lines.join(",");
        let mut best = (Self::Identity, 0);
        for (coding, name) in COMPRESSED {
            let preference = preference(&accepted, name);
            if preference > best.1 {
                best = (coding, preference);
            }
        }
        best.0
    }

    /// Returns the `Accept-Encoding` value that allows only this coding.
    pub(super) fn alone(self) -> HeaderValue {
        HeaderValue::from_static(self.name().unwrap_or("identity"))
    }

    /// Returns the `Content-Encoding` value, or `None` for the identity.
    pub(super) fn name(self) -> Option<&'static str> {
        let mut names = COMPRESSED.iter();
        Some(names.find(|(coding, _)| *coding == self)?.1)
    }

    /// Compresses a body.
    ///
    /// # Errors
    /// When the compressor runs out of memory.
    pub(super) fn compressed(self, body: Bytes) -> io::Result<Bytes> {
        Ok(match self {
            Self::Identity => body,
            Self::Zstd => zstd(&body)?.into(),
            Self::Gzip => {
                let mut gzip = GzEncoder::new(Vec::new(), Compression::new(GZIP_LEVEL));
                gzip.write_all(&body)?;
                gzip.finish()?.into()
            }
            Self::Brotli => brotli(&body)?.into(),
        })
    }
}

fn zstd(body: &[u8]) -> io::Result<Vec<u8>> {
    ZSTD.with_borrow_mut(|kept| {
        let compressor = match kept {
            Some(compressor) => compressor,
            None => kept.insert(Compressor::new(ZSTD_LEVEL)?),
        };
        compressor.compress(body)
    })
}

fn brotli(body: &[u8]) -> io::Result<Vec<u8>> {
    brotli_of(body, BROTLI_QUALITY)
}

/// Compresses a file that is compressed once and sent often.
pub(super) fn small_brotli(body: &[u8]) -> io::Result<Vec<u8>> {
    brotli_of(body, SMALL_BROTLI_QUALITY)
}

fn brotli_of(body: &[u8], quality: i32) -> io::Result<Vec<u8>> {
    let bits = usize::BITS - body.len().leading_zeros();
    let params = brotli::enc::BrotliEncoderParams {
        quality,
        // Just large enough for the body: allocating the largest window costs as much as compressing a page.
        lgwin: bits.clamp(SMALLEST_WINDOW, LARGEST_WINDOW).cast_signed(),
        size_hint: body.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*body, &mut compressed, &params)?;
    Ok(compressed)
}

/// Returns the quality of `name` in thousandths, or 0 if it is not accepted.
fn preference(accepted: &str, name: &str) -> u32 {
    let mut found = 0;
    for part in accepted.split(',') {
        let mut parts = part.split(';').map(str::trim);
        let coding = parts.next().unwrap_or_default();
        let quality = parts.find_map(|part| part.strip_prefix(['q', 'Q'])?.strip_prefix('='));
        let quality = quality.map_or(1.0, |text| text.parse().unwrap_or(0.0_f32));
        let quality = (quality.clamp(0.0, 1.0) * 1000.0) as u32;
        if coding.eq_ignore_ascii_case(name) {
            return quality;
        }
        if coding == "*" {
            found = quality;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_preferred_coding_is_chosen() {
        for (accepted, coding) in [
            ("gzip, deflate, br, zstd", Coding::Zstd),
            ("gzip, deflate, br", Coding::Brotli),
            ("gzip;q=1.0, br;q=0.5", Coding::Gzip),
            ("zstd;q=0, gzip", Coding::Gzip),
            ("zstd;Q=0, gzip", Coding::Gzip),
            ("*", Coding::Zstd),
            ("identity", Coding::Identity),
            ("", Coding::Identity),
            ("gzip;q=x", Coding::Identity),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, accepted.parse().expect("a header"));
            assert_eq!(Coding::of(&headers), coding, "{accepted}");
        }
        assert_eq!(Coding::of(&HeaderMap::new()), Coding::Identity);
        let lines = ["zstd;q=0", "*"].map(|line| (ACCEPT_ENCODING, HeaderValue::from_static(line)));
        let mut headers = HeaderMap::new();
        for (name, line) in lines {
            headers.append(name, line);
        }
        assert_eq!(Coding::of(&headers), Coding::Brotli, "all lines are one");
    }
}
