//! The first steps of a person, and those of a community that has nothing yet.

use platform::{
    Context,
    db::DbError,
    module::{self, Modules},
    work::Running,
};

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

/// Returns the first steps: those of the community for an admin while a module has one to do, else those of a person.
///
/// # Errors
/// When the database fails.
pub(super) async fn first_steps(
    context: &Context,
    modules: Modules,
    is_admin: bool,
    running: &[Running],
) -> Result<Vec<FirstStep>, DbError> {
    if is_admin {
        let left = modules.first_steps(context).await?;
        if !left.is_empty() {
            return Ok(of_community(&left));
        }
    }
    let counts_merges = ui::frame::has_link("/projects");
    Ok(of_person(running, ui::frame::has_link("/discover"), counts_merges))
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
            "/settings/github",
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
