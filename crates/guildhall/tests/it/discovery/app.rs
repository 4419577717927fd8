//! The programme's part in the tests of all modules.

use crate::{
    app::programme::ProgrammeTests,
    auth::rows::{Access::Open, NONE, Row},
};

pub(crate) const TESTS: ProgrammeTests = ProgrammeTests {
    rows: &[ROWS],
    objects: &[],
    prepare: |_| Box::pin(async {}),
    act: |_, _| Box::pin(async {}),
};

/// The tests of the page and of the endpoint of one opportunity have real ones.
const ROWS: &[Row] = &[
    ("GET", "/discover", "/discover", NONE, Open(200)),
    (
        "GET",
        "/discover/{id}",
        "/discover/00000000-0000-0000-0000-000000000001",
        NONE,
        Open(404),
    ),
    (
        "GET",
        "/api/v1/opportunities",
        "/api/v1/opportunities",
        NONE,
        Open(200),
    ),
    (
        "GET",
        "/api/v1/opportunities/{id}",
        "/api/v1/opportunities/00000000-0000-0000-0000-000000000001",
        NONE,
        Open(404),
    ),
];
