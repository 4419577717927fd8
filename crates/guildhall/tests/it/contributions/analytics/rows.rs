//! Rows of the permission matrix for analytics and reports.

use super::super::app::MAINTAINER;
use crate::auth::rows::{Access::Owner, NONE, Row};

#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    ("GET", "/api/v1/projects/{slug}/analytics", "/api/v1/projects/season/analytics", NONE, Owner(MAINTAINER, 200)),
    ("GET", "/api/v1/projects/{slug}/contributors", "/api/v1/projects/season/contributors", NONE, Owner(MAINTAINER, 200)),
    ("GET", "/projects/{slug}/analytics", "/projects/season/analytics", NONE, Owner(MAINTAINER, 200)),
    ("GET", "/projects/{slug}/analytics.csv", "/projects/season/analytics.csv?table=weeks", NONE, Owner(MAINTAINER, 200)),
    ("GET", "/projects/{slug}/contributors", "/projects/season/contributors", NONE, Owner(MAINTAINER, 200)),
    ("GET", "/projects/{slug}/contributors.csv", "/projects/season/contributors.csv", NONE, Owner(MAINTAINER, 200)),
    // The results of the season are provisional, so that its report is for organizers.
    ("GET", "/api/v1/seasons/{slug}/report", "/api/v1/seasons/autumn/report", NONE, Owner(MAINTAINER, 200)),
    ("GET", "/seasons/{slug}/report", "/seasons/autumn/report", NONE, Owner(MAINTAINER, 200)),
    ("GET", "/seasons/{slug}/report.csv", "/seasons/autumn/report.csv?table=weeks", NONE, Owner(MAINTAINER, 200)),
];
