use axum::http::{HeaderMap, HeaderValue, header::ACCEPT_ENCODING};

/// How a body is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Coding {
    Zstd,
    Brotli,
    Gzip,
    Identity,
}

/// In order of preference among those that the other side likes equally: the fastest first.
const COMPRESSED: [(Coding, &str); 3] = [
    (Coding::Zstd, "zstd"),
    (Coding::Brotli, "br"),
    (Coding::Gzip, "gzip"),
];

impl Coding {
    /// The one that suits the request best.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let mut best = (Self::Identity, 0);
        for value in headers.get_all(ACCEPT_ENCODING) {
            let accepted = value.to_str().unwrap_or_default();
            for (coding, name) in COMPRESSED {
                let liking = liking(accepted, name);
                if liking > best.1 {
                    best = (coding, liking);
                }
            }
        }
        best.0
    }

    /// For `Accept-Encoding`, when nothing else shall be chosen.
    pub(super) fn alone(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Zstd => "zstd",
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Identity => "identity",
        })
    }
}

/// The quality of `name` in thousandths; 0 when it is not accepted.
fn liking(accepted: &str, name: &str) -> u32 {
    let mut found = 0;
    for part in accepted.split(',') {
        let mut parts = part.split(';').map(str::trim);
        let coding = parts.next().unwrap_or_default();
        let quality = parts.find_map(|part| part.strip_prefix("q="));
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
    fn what_is_liked_best_is_chosen() {
        for (accepted, coding) in [
            ("gzip, deflate, br, zstd", Coding::Zstd),
            ("gzip, deflate, br", Coding::Brotli),
            ("gzip;q=1.0, br;q=0.5", Coding::Gzip),
            ("zstd;q=0, gzip", Coding::Gzip),
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
    }
}
