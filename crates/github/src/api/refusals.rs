//! Reasons why a delivery is refused.

use kernel::{Problem, ProblemKind};
use platform::{config::LARGEST_BODY, web::disk_full};

use super::memory::Full;

pub(super) fn malformed(code: &'static str, detail: String) -> Problem {
    Problem::new(ProblemKind::Malformed, code, detail)
}

pub(super) fn unsigned(detail: &str) -> Problem {
    Problem::new(ProblemKind::Unauthenticated, "BAD_SIGNATURE", detail)
}

pub(super) fn too_busy(full: Full) -> Problem {
    let detail = match full {
        Full::All => {
            "The server is receiving too many deliveries. Send this one again in a second."
        }
        Full::Share => {
            "Your network is sending too many unverified deliveries. Send this delivery again in a \
             second."
        }
    };
    Problem::new(ProblemKind::Overloaded, "TOO_BUSY", detail)
}

pub(super) fn too_large() -> Problem {
    Problem::new(
        ProblemKind::TooLarge,
        "TOO_LARGE",
        format!("A delivery can be at most {} MiB.", LARGEST_BODY >> 20),
    )
}

pub(super) fn too_slow() -> Problem {
    Problem::new(
        ProblemKind::TooSlow,
        "BODY_TOO_SLOW",
        "The body did not arrive in time. Send the delivery again.",
    )
}

pub(super) fn not_stored(is_disk_full: bool) -> Problem {
    if is_disk_full {
        return disk_full();
    }
    Problem::new(
        ProblemKind::Overloaded,
        "NOT_STORED",
        "The delivery could not be stored. Send it again in a second.",
    )
}
