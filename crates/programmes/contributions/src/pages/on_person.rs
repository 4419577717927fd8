//! The part of contributions on the page of a person for moderators.

use askama::Template;
use identity::model::UserId;
use platform::{
    Context,
    module::{PanelFigure, PanelNow, PanelPerson, PanelRequest, PanelView},
};
use ui::{
    format::{Instant, Number, segment},
    frame, html,
};

use super::rendered::Rendered;
use crate::{
    FLAG,
    model::SanctionKind,
    reads::{self, PersonCounts, PersonMatter},
};

/// Something that is open about the person.
struct OpenMatter {
    /// Its kind in words: "Many small pull requests".
    title: String,
    address: String,
    /// Its number or its season.
    label: String,
    at: Instant,
}

#[derive(Template)]
#[template(path = "panel_open_matters.html")]
struct OpenMatters {
    rows: Vec<OpenMatter>,
    now: Instant,
}

/// A season in which the person can be warned.
struct SeasonLink {
    name: String,
    address: String,
}

#[derive(Template)]
#[template(path = "panel_sanctions.html")]
struct SanctionsFold {
    seasons: Vec<SeasonLink>,
}

/// Shows what a person holds and what is open about them. Flags are not shown to the person whom they concern.
pub(super) async fn panel(context: &Context, request: &PanelRequest) -> Rendered {
    let Some(person) = request.person.as_ref().filter(|_| frame::shows(FLAG)) else {
        return Ok(None);
    };
    let id = UserId::from(person.id);
    let counts = reads::person_counts(&context.db, id).await?;
    let matters = reads::person_matters(&context.db, id).await?;
    let is_own = frame::reader().is_some_and(|reader| reader.person == person.id);
    let rows: Vec<OpenMatter> =
        matters.iter().filter_map(|matter| open_matter(matter, is_own)).collect();
    let seasons: Vec<SeasonLink> = match frame::is_admin() && !is_own {
        true => matters.iter().filter_map(|matter| season(matter, person)).collect(),
        false => Vec::new(),
    };
    Ok(Some(PanelView {
        figures: figures(counts, is_own),
        now: matters.iter().filter_map(held).collect(),
        html: match rows.is_empty() {
            true => String::new(),
            false => html(&OpenMatters { rows, now: Instant(context.now()) })?,
        },
        below: match seasons.is_empty() {
            true => String::new(),
            false => html(&SanctionsFold { seasons })?,
        },
        ..PanelView::default()
    }))
}

fn figures(counts: PersonCounts, is_own: bool) -> Vec<PanelFigure> {
    let merged = PanelFigure {
        label: "Merged",
        value: Number(counts.merged).to_string(),
        detail: format!("in {}", Number(counts.projects).of("project", "projects")),
        rows: None,
    };
    let flags = PanelFigure {
        label: "Flags",
        value: Number(counts.flags).to_string(),
        detail: format!("{} confirmed", Number(counts.confirmed)),
        rows: None,
    };
    [Some(merged), Some(flags).filter(|_| !is_own)].into_iter().flatten().collect()
}

fn held(matter: &PersonMatter) -> Option<PanelNow> {
    let (says, name, root, slug) = match matter {
        PersonMatter::Project { name, slug } => ("Maintains", name, "/projects/", slug),
        PersonMatter::Organized { name, slug } => ("Organizes", name, "/seasons/", slug),
        PersonMatter::Season { name, slug } => ("Seasons", name, "/seasons/", slug),
        _ => return None,
    };
    Some(PanelNow { says, name: name.clone(), address: format!("{root}{}", segment(slug)) })
}

/// Returns what is open; flags only to others than the person.
fn open_matter(matter: &PersonMatter, is_own: bool) -> Option<OpenMatter> {
    let (title, address, label, at) = match matter {
        PersonMatter::Flag { kind, number, at } if !is_own => {
            (kind.heading(), format!("/admin/fair-play/{number}"), format!("F-{number}"), at)
        }
        PersonMatter::Dispute { kind, number, at } => {
            (kind.heading(), format!("/disputes/{number}"), format!("D-{number}"), at)
        }
        PersonMatter::Sanction { kind, season, slug, at } => {
            let title = match kind {
                SanctionKind::Warning => "Warned in a season",
                SanctionKind::Disqualification => "Disqualified from a season",
            };
            (title, format!("/seasons/{}", segment(slug)), season.clone(), at)
        }
        _ => return None,
    };
    Some(OpenMatter { title: title.to_owned(), address, label, at: Instant(*at) })
}

/// Returns the page of the person in a season, on which organizers and admins warn them.
fn season(matter: &PersonMatter, person: &PanelPerson) -> Option<SeasonLink> {
    let PersonMatter::Season { name, slug } = matter else {
        return None;
    };
    let (slug, login) = (segment(slug), segment(&person.login));
    let address = format!("/seasons/{slug}/participants/{login}");
    Some(SeasonLink { name: name.clone(), address })
}
