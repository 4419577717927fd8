use platform::flags::{Flag, FlagKind, Start};

/// The flag of contribution seasons. Disputes and the page of a person's standing do not have it: bans are contested there, too.
pub const FLAG: &Flag = &Flag {
    name: "contributions",
    kind: FlagKind::Feature,
    variable: "ENABLE_CONTRIBUTIONS",
    start: Start::On,
    description: "Contribution seasons: projects, their rules and reviews, pull requests, seasons and fair play, with the pages, the API, the links to them, and what is sent about them. Points are counted as before, and disputes stay open.",
};

/// The flag that lets people without a role create projects, which they then own.
pub const CREATE_PROJECTS: &Flag = &Flag {
    name: "maintainers_create_projects",
    kind: FlagKind::Feature,
    variable: "ENABLE_MAINTAINERS_CREATE_PROJECTS",
    start: Start::Later,
    description: "People with a linked GitHub account create projects, which they own. While it is off, only admins do.",
};
