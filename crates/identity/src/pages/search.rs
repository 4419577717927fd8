//! People in the results of a search.

use askama::Template;
use platform::{
    Context,
    module::{Panel, PanelPlace, PanelRequest, PanelView},
    web::WebError,
};
use ui::{
    format::{Number, initials, segment, tint},
    html,
};

use crate::{model::Person, reads};

/// The maximum number of people in a result.
const PEOPLE: i64 = 10;
/// The maximum number of suggestions for a login that no one has.
const SUGGESTIONS: usize = 5;

/// The panels of this module.
pub(crate) const PANELS: &[Panel] = &[Panel {
    place: PanelPlace::Search,
    order: 10,
    render: |context, request| Box::pin(people(context, request)),
}];

struct Row {
    login: String,
    address: String,
    initials: String,
    tint: &'static str,
    points: Number,
}

impl From<Person> for Row {
    fn from(person: Person) -> Self {
        Self {
            address: format!("/people/{}", segment(&person.login)),
            initials: initials(&person.login),
            tint: tint(&person.login),
            points: Number(person.total_points),
            login: person.login,
        }
    }
}

#[derive(Template)]
#[template(path = "panel_people.html")]
struct PeoplePanel {
    rows: Vec<Row>,
    /// Similar logins, if no login contains the text: the path and the login.
    similar: Vec<(String, String)>,
}

/// Shows the people whose login contains the text of a search, or else those with a similar login.
async fn people(context: &Context, request: &PanelRequest) -> Result<Option<PanelView>, WebError> {
    let text = request.parameter("q").trim().trim_start_matches('@');
    let found = reads::people_named(&context.db, text, PEOPLE).await?;
    let similar = if found.is_empty() {
        reads::similar_logins(&context.db, text, SUGGESTIONS).await?
    } else {
        Vec::new()
    };
    if found.is_empty() && similar.is_empty() {
        return Ok(None);
    }
    let link = |login: String| (format!("/people/{}", segment(&login)), login);
    let panel = PeoplePanel {
        rows: found.into_iter().map(Into::into).collect(),
        similar: similar.into_iter().map(link).collect(),
    };
    Ok(Some(PanelView { html: html(&panel)?, ..PanelView::default() }))
}
