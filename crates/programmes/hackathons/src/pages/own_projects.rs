//! The projects of a person on their profile, and their hackathons on their page for admins.

use askama::Template;
use platform::{
    Context,
    module::{Panel, PanelNow, PanelPlace, PanelRequest, PanelView},
    web::WebError,
};
use ui::{Pic, format::segment, html};

use crate::{
    FLAG,
    model::StaffRole,
    reads::{self, HackathonOfPerson, OwnProject},
};

/// The panels of this module.
pub(crate) const PANELS: &[Panel] = &[
    Panel {
        place: PanelPlace::Profile,
        order: 7,
        render: |context, request| Box::pin(of_person(context, request)),
    },
    Panel {
        place: PanelPlace::AdminPerson,
        order: 30,
        render: |context, request| Box::pin(for_admins(context, request)),
    },
];

struct Tile {
    picture: Pic,
    address: String,
    title: String,
    summary: String,
    hackathon: String,
    /// The prize that it won, or the choice of the jury.
    won: Option<String>,
}

impl From<OwnProject> for Tile {
    fn from(project: OwnProject) -> Self {
        let slug = project.id.simple().to_string();
        let outcome = project.outcome.map(|outcome| outcome.heading().to_owned());
        Self {
            picture: Pic::field(
                "submission",
                &slug,
                project.picture.map(|path| (path, String::new())),
            ),
            address: format!("/hackathons/{}/projects/{}", segment(&project.slug), project.id),
            title: project.title,
            summary: project.summary,
            hackathon: project.hackathon,
            won: project.prize.or(outcome),
        }
    }
}

#[derive(Template)]
#[template(path = "panel_own_projects.html")]
struct ProjectsPanel {
    tiles: Vec<Tile>,
}

/// Shows admins in which hackathons a person has a part.
async fn for_admins(
    context: &Context,
    request: &PanelRequest,
) -> Result<Option<PanelView>, WebError> {
    let is_shown = ui::frame::shows(FLAG) && ui::frame::is_admin();
    let Some(person) = request.person.as_ref().filter(|_| is_shown) else {
        return Ok(None);
    };
    let found = reads::hackathons_of_person(&context.db, person.id.into()).await?;
    let held = |own: HackathonOfPerson| PanelNow {
        says: match own.role {
            Some(StaffRole::Organizer) => "Organizes",
            Some(StaffRole::Judge) => "Judges",
            Some(StaffRole::Mentor) => "Mentors",
            None => "Events",
        },
        address: format!("/hackathons/{}", segment(&own.slug)),
        name: own.title,
    };
    let now = found.into_iter().map(held).collect();
    Ok(Some(PanelView { now, ..PanelView::default() }))
}

/// Shows the projects of a person; nothing for a person without any.
async fn of_person(
    context: &Context,
    request: &PanelRequest,
) -> Result<Option<PanelView>, WebError> {
    let person = request.person.as_ref().filter(|_| !request.hides("results"));
    let Some(person) = person.filter(|_| ui::frame::shows(FLAG)) else {
        return Ok(None);
    };
    let found = reads::own_projects(&context.db, person.id.into()).await?;
    if found.is_empty() {
        return Ok(None);
    }
    let panel = ProjectsPanel { tiles: found.into_iter().map(Into::into).collect() };
    Ok(Some(PanelView { html: html(&panel)?, ..PanelView::default() }))
}
