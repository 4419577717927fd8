//! Rows of the operator's pages.

use super::rows::{Access::Admin, NONE, Row};

#[rustfmt::skip]
pub(super) const OPERATIONS_ROWS: &[Row] = &[
    ("GET", "/admin/costs", "/admin/costs", NONE, Admin(200)),
    ("GET", "/api/v1/admin/costs", "/api/v1/admin/costs", NONE, Admin(200)),
    ("GET", "/admin/use", "/admin/use?by=month", NONE, Admin(200)),
    ("GET", "/admin/use/{file}", "/admin/use/sign_ups.csv", NONE, Admin(200)),
    ("GET", "/admin/slow", "/admin/slow", NONE, Admin(200)),
];
