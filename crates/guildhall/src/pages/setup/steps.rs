//! The steps of the setup, in order.

use platform::config::{Config, Origin};

use super::{frame::changed_later, shown::set_by};

/// A step of the setup.
pub(super) struct Step {
    pub(super) title: &'static str,
    /// The path of its page.
    pub(super) address: &'static str,
    /// The keys of the settings without which its page has nothing to save.
    keys: &'static [&'static str],
    /// Returns what was set up, in words, which are empty for programs: they are flags. `None` while nothing was.
    pub(super) state: fn(&Config) -> Option<String>,
}

impl Step {
    /// Says what was set up, if anything was; `programs` are those that are on.
    pub(super) fn says(&self, config: &Config, programs: &str) -> Option<String> {
        let state = (self.state)(config)?;
        Some(if state.is_empty() { programs.to_owned() } else { state })
    }
}

pub(super) static STEPS: [Step; 6] = [
    Step {
        title: "Become the first admin",
        address: "/setup",
        keys: &[],
        state: |_| Some("Done".to_owned()),
    },
    Step {
        title: "Name and picture",
        address: "/setup/community",
        keys: &[
            "community_name",
            "community_description",
            "community_picture",
            "public_url",
            "community_contact",
            "contact_operations",
            "contact_engineering",
            "contact_product",
        ],
        state: named,
    },
    Step {
        title: "Programs",
        address: "/setup/programs",
        keys: &[],
        state: |config| named(config).map(|_| String::new()),
    },
    Step {
        title: "GitHub",
        address: "/setup/github",
        keys: &["github_app_id", "github_api_token"],
        state: |config| {
            let app = config.github_app_id.map(|_| "An app".to_owned());
            let token = || config.github_api_token.as_ref().map(|_| "A token".to_owned());
            app.or_else(token)
        },
    },
    Step {
        title: "Email",
        address: "/setup/email",
        keys: &["smtp_url"],
        state: |config| config.mail_from.clone(),
    },
    Step { title: "Done", address: "/setup/done", keys: &[], state: |_| None },
];

fn named(config: &Config) -> Option<String> {
    let mut names = config.settings.iter().filter(|setting| setting.key == "community_name");
    let is_set = names.any(|setting| setting.origin != Origin::Default);
    is_set.then(|| config.community_name.clone())
}

/// Returns the path of the first step that is left; the last one tells what to do next.
pub(super) fn first_left(config: &Config) -> &'static str {
    left_after(STEPS[0].address, config)
}

/// Returns the path of the first step that is left after the one at a path.
pub(super) fn left_after(address: &str, config: &Config) -> &'static str {
    let later = STEPS.iter().skip_while(|step| step.address != address).skip(1);
    let mut left = later.filter(|step| (step.state)(config).is_none());
    left.next().map_or("/setup/done", |step| step.address)
}

/// A step whose settings are changed later.
pub(in crate::pages) struct Change {
    pub(in crate::pages) title: &'static str,
    /// The present settings in words; `None` if nothing is.
    pub(in crate::pages) state: Option<String>,
    /// The path of its page.
    pub(in crate::pages) address: String,
    /// The reason why nothing of it can be changed in the browser, if so.
    pub(in crate::pages) fixed: Option<String>,
}

/// Returns the steps that can be changed later: all but the first and the last. `programs` are those that are on.
pub(in crate::pages) fn changes(config: &Config, programs: &str) -> Vec<Change> {
    let change = |step: &Step| {
        let fixed: Option<Vec<_>> = step.keys.iter().map(|key| config.fixed_by(key)).collect();
        Change {
            title: step.title,
            state: step.says(config, programs),
            address: changed_later(step.address),
            fixed: fixed.and_then(|by| by.first().copied().map(set_by)),
        }
    };
    STEPS[1..STEPS.len() - 1].iter().map(change).collect()
}
