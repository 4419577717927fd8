//! The unit tests of ctf. Only what has some is compiled again for them, because all of the crate takes longer.

#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "what the other layers use is unused here"
)]

#[path = "../src/gateway/mod.rs"]
mod gateway;
#[path = "../src/model/mod.rs"]
mod model;
#[path = "../src/rules/mod.rs"]
mod rules;

#[path = "../src/access"]
mod access {
    mod sync_caller;
    mod unknown;

    pub(crate) use unknown::{unknown_coach, unknown_competitor};
}

#[path = "../src/api"]
mod api {
    mod sync_request;
}

#[path = "../src/pages"]
mod pages {
    mod dashboard {
        mod plotted;
        mod radar;

        pub(super) use plotted::plotted;
    }
    mod report_card {
        mod timeline;
    }
}
