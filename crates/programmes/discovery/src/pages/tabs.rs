//! The tabs of the pages of discovery.

/// The page of the issues that fit the viewer.
pub(super) const FOR_YOU: &str = "/discover/for-you";
/// The page of issues that teach the viewer a skill.
pub(super) const LEARNING: &str = "/discover/learning";
/// The page of the issues that the viewer saved.
pub(super) const SAVED: &str = "/discover/saved";
pub(super) const SEARCH: &str = "/discover";
/// Short and easy issues.
pub(super) const QUICK: &str = "/discover?level=easy&hours=short";
/// Issues that gain attention.
pub(super) const TRENDING: &str = "/discover?sort=trending";
pub(super) const REPOSITORIES: &str = "/discover/repositories";
/// The repositories and topics that the viewer watches.
pub(super) const WATCHING: &str = "/discover/watching";
/// The viewer's claims.
pub(super) const CLAIMS: &str = "/discover/claims";

pub(super) struct Tab {
    pub(super) address: &'static str,
    pub(super) label: &'static str,
    pub(super) is_current: bool,
}

/// Returns the tabs, of which the one with an address is the current page.
pub(super) fn tabs(current: &str) -> Vec<Tab> {
    let all = [
        (SEARCH, "Search"),
        (FOR_YOU, "For you"),
        (QUICK, "Quick wins"),
        (LEARNING, "Learning picks"),
        (TRENDING, "Trending"),
        (REPOSITORIES, "Repositories"),
        (WATCHING, "Watching"),
        (SAVED, "Saved"),
        (CLAIMS, "Your claims"),
    ];
    let tab = |(address, label)| Tab { address, label, is_current: address == current };
    all.into_iter().map(tab).collect()
}
