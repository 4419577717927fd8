//! Files that are compressed once, when the program starts to serve them, and therefore as small as possible.

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, header},
};
use zstd::bulk::compress;

use super::coding::{Coding, small_brotli};

/// The level at which a file of a hundred kilobytes takes a few hundredths of a second.
const ZSTD_LEVEL: i32 = 19;

/// A file with its compressed forms.
#[derive(Clone, Debug)]
pub struct Packed {
    plain: Bytes,
    zstd: Option<Bytes>,
    brotli: Option<Bytes>,
}

impl Packed {
    /// Compresses a file. A form that cannot be made is left out.
    #[must_use]
    pub fn of(plain: impl Into<Bytes>) -> Self {
        let plain = plain.into();
        let zstd = compress(&plain, ZSTD_LEVEL).ok().map(Bytes::from);
        let brotli = small_brotli(&plain).ok().map(Bytes::from);
        Self { plain, zstd, brotli }
    }

    /// Returns the file as it is.
    #[must_use]
    pub fn plain(&self) -> &[u8] {
        &self.plain
    }

    /// Returns the form that a request accepts, with the headers that name it.
    #[must_use]
    pub fn form(&self, asked: &HeaderMap) -> (HeaderMap, Bytes) {
        let coding = Coding::of(asked);
        let form = match coding {
            Coding::Zstd => &self.zstd,
            Coding::Brotli => &self.brotli,
            Coding::Gzip | Coding::Identity => &None,
        };
        let mut headers = HeaderMap::new();
        let (Some(form), Some(name)) = (form, coding.name()) else {
            return (headers, self.plain.clone());
        };
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        (headers, form.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_the_form_that_was_asked_for() {
        let packed = Packed::of("a rule { of: style } ".repeat(400));
        let form = |accepted: &'static str| {
            let mut asked = HeaderMap::new();
            asked.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            let (headers, body) = packed.form(&asked);
            let name = headers.get(header::CONTENT_ENCODING).cloned();
            (name.map(|name| name.to_str().expect("text").to_owned()), body.len())
        };
        let whole = packed.plain().len();
        assert_eq!(form("identity"), (None, whole));
        for name in ["br", "zstd"] {
            let (coding, size) = form(name);
            assert_eq!(coding.as_deref(), Some(name));
            assert!(size < whole / 20, "{name}: {size} of {whole}");
        }
    }
}
