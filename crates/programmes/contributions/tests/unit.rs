//! The unit tests of contributions. Only what has some is compiled again for them, because all of the crate takes longer.

#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "what the other layers use is unused here"
)]

#[path = "../src/flag.rs"]
mod flag;
#[path = "../src/model/mod.rs"]
mod model;
#[path = "../src/rules/mod.rs"]
mod rules;

use flag::FLAG;

#[path = "../src/actions"]
mod actions {
    mod watch_settlement;
}

#[path = "../src/commands"]
mod commands {
    mod arguments;
}

#[path = "../src/emails"]
mod emails {
    mod fair_play;
    mod season_ends;
}

#[path = "../src/pages"]
mod pages {
    mod calculation;
    mod cause;
    mod evidence;
    mod front_words;
    mod open_steps;
    mod paths;
    mod rule_guide;
    mod rule_versions;
    mod rules_form;
    mod work_words;

    use crate::rules::rule_words::stated_rules;
}

#[path = "../src/reads"]
mod reads {
    mod own_open;
    mod rules_versions;

    pub(crate) use own_open::{OpenPull, OwnOpen};
    pub(crate) use rules_versions::RulesVersion;
}
