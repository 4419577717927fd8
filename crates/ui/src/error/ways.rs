//! The ways on from an error page. The first is its primary action.

use kernel::{Problem, ProblemKind};
use platform::web;

use super::{refused::Refused, words};
use crate::{format::segment, frame};

/// A link of an error page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct WayOn {
    pub(super) label: &'static str,
    pub(super) address: String,
}

impl WayOn {
    fn new(label: &'static str, address: impl Into<String>) -> Self {
        Self { label, address: address.into() }
    }

    /// Returns the entry of the header that is above a page which was not found.
    pub(super) fn above(refused: &Refused) -> Option<Self> {
        let mut links = frame::main_links().into_iter();
        let near = links.rfind(|link| link.is_current && link.address != "/")?;
        (refused.uri.path() != near.address).then(|| Self::new(near.label, near.address))
    }
}

/// Returns the ways on, the best first.
pub(super) fn ways(problem: &Problem, refused: &Refused) -> Vec<WayOn> {
    let back = refused.back().map(|from| {
        let label = if refused.is_form() { "Back to the form" } else { "Go back" };
        WayOn::new(label, from)
    });
    let home = (refused.uri.path() != "/").then(|| WayOn::new("Home page", "/"));
    let mut ways: Vec<WayOn> = Vec::new();
    for way in [solution(problem, refused), back, home].into_iter().flatten() {
        if ways.iter().all(|known| known.address != way.address) {
            ways.push(way);
        }
    }
    ways
}

/// Returns the way that solves the problem itself.
fn solution(problem: &Problem, refused: &Refused) -> Option<WayOn> {
    let back = refused.from.as_deref().unwrap_or("/");
    match problem.kind {
        ProblemKind::Unauthenticated if problem.code == web::SIGN_IN_REQUIRED => {
            Some(WayOn::new("Sign in", format!("/sign-in?return={}", segment(back))))
        }
        _ if problem.code == "BANNED" => Some(WayOn::new("See your ban", "/me/standing")),
        _ if problem.code == web::SECOND_FACTOR_REQUIRED => {
            let address = format!("/sign-in/second-factor?return_to={}", segment(back));
            Some(WayOn::new("Prove your second factor", address))
        }
        _ if words::is_sign_in(problem) || refused.uri.path().starts_with("/sign-in/") => {
            Some(WayOn::new("Start again", "/sign-in"))
        }
        ProblemKind::Overloaded | ProblemKind::TooManyRequests | ProblemKind::Internal
            if !refused.is_form() =>
        {
            refused.address().map(|address| WayOn::new("Try again", address))
        }
        ProblemKind::NotFound if !refused.is_form() => WayOn::above(refused),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Method;

    use super::*;
    use crate::error::refused::tests::refused;

    #[test]
    fn the_first_way_fits_the_situation() {
        use ProblemKind::{Conflict, Forbidden, NotFound, Overloaded, Unauthenticated};
        let (get, post) = (Method::GET, Method::POST);
        for (kind, code, method, from, label, address) in [
            (
                Unauthenticated,
                "SIGN_IN_REQUIRED",
                &post,
                "/a?b=c",
                "Sign in",
                "/sign-in?return=%2Fa%3Fb%3Dc",
            ),
            (Unauthenticated, "SIGN_IN_REQUIRED", &post, "", "Sign in", "/sign-in?return=%2F"),
            (Forbidden, "BANNED", &get, "/a", "See your ban", "/me/standing"),
            (Forbidden, "ROLE_REQUIRED", &get, "/a", "Go back", "/a"),
            (Forbidden, "ROLE_REQUIRED", &get, "https://evil.example/", "Home page", "/"),
            (Conflict, "TEAM_LOCKED", &post, "/teams/1", "Back to the form", "/teams/1"),
            (NotFound, "NOT_FOUND", &get, "/a", "Go back", "/a"),
            (Overloaded, "TOO_BUSY", &get, "/a", "Try again", "/here?p=1"),
            (Overloaded, "TOO_BUSY", &post, "/a", "Back to the form", "/a"),
        ] {
            let problem = Problem::new(kind, code, "Detail.");
            let refused = refused(method.clone(), "/here?p=1", from);
            assert_eq!(ways(&problem, &refused)[0], WayOn::new(label, address), "{code} {from}");
        }
    }

    #[test]
    fn no_way_leads_to_another_host() {
        let problem = Problem::new(ProblemKind::Overloaded, "TOO_BUSY", "Detail.");
        let refused =
            refused(Method::GET, "//evil.example/x", "https://hall.example//evil.example/");
        assert_eq!(ways(&problem, &refused), [WayOn::new("Home page", "/")]);
    }
}
