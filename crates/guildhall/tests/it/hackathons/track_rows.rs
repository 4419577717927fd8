//! Rows of the permission matrix for tracks, and for the judges who are limited to them.

use super::app::ORGANIZER;
use crate::auth::rows::{
    Access::{Hidden, Open},
    NONE, Row,
};

/// The judge of `hush`.
pub(super) const JUDGE: &str = "hack-looker";

/// The rows. `hush` is private and has a judge.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("GET", "/hackathons/{slug}/tracks", "/hackathons/hush/tracks", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/tracks", "/hackathons/hush/tracks", &[("name_1", "Harbors")], Hidden(ORGANIZER, 303)),
    ("GET", "/api/v1/hackathons/{slug}/tracks", "/api/v1/hackathons/low-tide/tracks", NONE, Open(200)),
    ("PUT", "/api/v1/hackathons/{slug}/tracks", "/api/v1/hackathons/hush/tracks", &[("tracks", "[]")], Hidden(ORGANIZER, 200)),
    ("GET", "/hackathons/{slug}/staff/{login}/tracks", "/hackathons/hush/staff/hack-looker/tracks", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/staff/{login}/tracks", "/hackathons/hush/staff/hack-looker/tracks", NONE, Hidden(ORGANIZER, 303)),
    ("PUT", "/api/v1/hackathons/{slug}/staff/{login}/tracks", "/api/v1/hackathons/hush/staff/hack-looker/tracks", &[("tracks", "[]")], Hidden(ORGANIZER, 204)),
];
