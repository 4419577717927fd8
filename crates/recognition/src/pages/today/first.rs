//! The first steps of a person, and those of a community that has nothing yet.

use std::time::Duration;

use axum::{
    Extension,
    http::{HeaderMap, header},
    response::Response,
};
use identity::access::Admin;
use platform::{module, web::Cookies, work::Running};
use ui::redirect;

/// The name of the cookie of who hid the steps of the community.
const COOKIE: &str = "first-steps";
const LASTS: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// A way to begin.
pub(super) struct FirstStep {
    pub(super) title: String,
    pub(super) says: String,
    pub(super) action: &'static str,
    pub(super) address: String,
}

fn step(title: &str, says: &str, action: &'static str, address: &str) -> FirstStep {
    FirstStep {
        title: title.to_owned(),
        says: says.to_owned(),
        action,
        address: address.to_owned(),
    }
}

/// Returns the first steps: those of the community that are left, else those of a person.
pub(super) fn first_steps(left: &[module::FirstStep], running: &[Running]) -> Vec<FirstStep> {
    if !left.is_empty() {
        return of_community(left);
    }
    let counts_merges = ui::frame::has_link("/projects");
    of_person(running, ui::frame::has_link("/discover"), counts_merges)
}

/// Returns true if the person hid the steps of the community in this browser.
pub(super) fn are_hidden(cookies: Cookies, headers: &HeaderMap) -> bool {
    cookies.read(headers, COOKIE).is_some()
}

/// `POST /first-steps/hide`: hides the steps of the community in this browser.
pub(crate) async fn hide(Extension(cookies): Extension<Cookies>, _: Admin) -> Response {
    let says =
        "The first steps are hidden. The last page of the setup, /setup/done, still has them";
    let mut response = redirect("/", says);
    response.headers_mut().append(header::SET_COOKIE, cookies.set(COOKIE, "hidden", LASTS));
    response
}

fn of_community(left: &[module::FirstStep]) -> Vec<FirstStep> {
    let of_module = |own: &module::FirstStep| step(own.title, own.says, own.action, own.address);
    let common = [
        step(
            "Finish setting up",
            "What is set up, what is left, and what failed its check.",
            "See what is left",
            "/setup/done",
        ),
        step(
            "Invite the people who help you",
            "Moderators decide on flags and disputes; admins may do everything.",
            "Invite by email",
            "/admin/people#invite",
        ),
    ];
    left.iter().map(of_module).chain(common).collect()
}

fn of_person(running: &[Running], finds_issues: bool, counts_merges: bool) -> Vec<FirstStep> {
    let mut steps = Vec::new();
    if finds_issues {
        steps.push(step(
            "Claim an issue",
            "Issues for newcomers say how long they take, and a maintainer answers within days.",
            "Find an issue",
            "/discover",
        ));
    }
    let joinable = |kind| running.iter().find(move |it| it.kind == kind && it.can_join);
    let event = joinable("hackathon");
    if let Some(event) = event {
        steps.push(FirstStep {
            title: format!("Join {}", event.title),
            says: "Applications are open. You can apply alone and find a team there.".to_owned(),
            action: event.action,
            address: event.address.clone(),
        });
    }
    let season = joinable("season");
    if let Some(season) = season {
        steps.push(FirstStep {
            title: format!("Take part in {}", season.title),
            says: "What you do anyway counts, from the first day of the season on.".to_owned(),
            action: "See the season",
            address: season.address.clone(),
        });
    }
    if counts_merges {
        steps.push(step(
            "Count what you already do",
            "Connect GitHub, and your pull requests to our projects count, also those from before today.",
            "Connect GitHub",
            "/settings/identities/github",
        ));
    }
    steps.truncate(3);
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_get_at_most_three_steps_and_what_runs_comes_second() {
        let closed = Running { kind: "hackathon", ..Running::default() };
        let hackathon = Running {
            kind: "hackathon",
            title: "Low Tide Hack".to_owned(),
            can_join: true,
            ..Running::default()
        };
        let season = Running { kind: "season", can_join: true, ..Running::default() };
        assert_eq!(of_person(std::slice::from_ref(&closed), true, true).len(), 2);
        assert!(of_person(std::slice::from_ref(&closed), false, false).is_empty());
        let steps = of_person(&[season, closed, hackathon], true, true);
        assert_eq!(steps.len(), 3);
        assert_eq!(steps[1].title, "Join Low Tide Hack");
    }
}
