//! The part of a pull request's page that only maintainers of its project see.

use askama::Template;
use identity::access::MaybePerson;
use platform::{
    Context,
    module::{PanelRequest, PanelView},
    web::WebError,
};
use ui::{
    Form, Tag, Who,
    format::{Instant, Number},
    html,
};

use super::{
    closings::Closing, overrides, paths::pull_shown, pulls::PullLink, rendered::Rendered,
    state::state,
};
use crate::{
    access::{self, PullMaintainer},
    actions::{PermittedReviews, permitted_reviews},
    model::ReviewAction,
    reads::{self, ReviewView, ReviewerView},
    rules::State,
};

#[derive(Template)]
#[template(path = "review_panel.html")]
struct ReviewPanel {
    /// The path that the form is sent to.
    address: String,
    state: Tag,
    permitted: PermittedReviews,
    /// The automatic closing, if it was abandoned and the project has such closed.
    closing: Option<Closing>,
    /// The end of the reviews, if it is known.
    closes: Option<Instant>,
    is_closed: bool,
    reviewers: Vec<CurrentReviewer>,
    internal: Vec<InternalComment>,
    /// The viewer's latest rating.
    rating: Option<i64>,
    form: Form,
}

struct CurrentReviewer {
    who: Who,
    since: Instant,
}

/// A comment that only maintainers can read.
struct InternalComment {
    by: String,
    action: &'static str,
    comment: String,
    at: Instant,
}

/// The buttons that decide or change the state, with their labels.
const STATE_BUTTONS: [(ReviewAction, &str); 5] = [
    (ReviewAction::Started, "Start review"),
    (ReviewAction::Approved, "Approve"),
    (ReviewAction::RequestedChanges, "Request changes"),
    (ReviewAction::Rejected, "Reject"),
    (ReviewAction::Released, "Give back"),
];

const OTHER_BUTTONS: [(ReviewAction, &str); 6] = [
    (ReviewAction::Commented, "Comment"),
    (ReviewAction::Rated, "Rate"),
    (ReviewAction::MarkedLowValue, "Mark as low value"),
    (ReviewAction::UnmarkedLowValue, "Remove low-value mark"),
    (ReviewAction::MarkedSpam, "Mark as spam"),
    (ReviewAction::UnmarkedSpam, "Remove spam mark"),
];

/// The ratings, with their meanings.
const RATINGS: [(&str, &str); 5] = [
    ("5", "5, excellent"),
    ("4", "4, good"),
    ("3", "3, as expected"),
    ("2", "2, weak"),
    ("1", "1, poor"),
];

impl ReviewPanel {
    fn may(&self, action: ReviewAction) -> bool {
        self.permitted.actions.contains(&action)
    }

    /// Returns the buttons among these that the state permits: codes and labels.
    fn buttons(&self, all: &[(ReviewAction, &'static str)]) -> Vec<(&'static str, &'static str)> {
        let shown = all.iter().filter(|(action, _)| self.may(*action));
        shown.map(|(action, label)| (action.as_str(), *label)).collect()
    }

    fn state_buttons(&self) -> Vec<(&'static str, &'static str)> {
        self.buttons(&STATE_BUTTONS)
    }

    fn other_buttons(&self) -> Vec<(&'static str, &'static str)> {
        self.buttons(&OTHER_BUTTONS)
    }

    fn is_danger(&self, code: &str) -> bool {
        code == ReviewAction::Rejected.as_str()
    }

    /// Returns whether a rating is chosen in the form.
    fn is_rated(&self, rating: &str) -> bool {
        self.form.value("rating") == rating
    }

    fn may_override(&self) -> bool {
        self.may(ReviewAction::Overrode)
    }

    /// Says which rating counts, and of how many.
    fn rated(&self) -> String {
        let count = Number(self.permitted.ratings.len() as i64);
        match self.permitted.median {
            None => "not rated".to_owned(),
            Some(median) => format!("{median}, the median of {}", count.of("rating", "ratings")),
        }
    }
}

/// Renders the panels for the viewer of a cached page: an author contests the points, an admin overrides them, and a
/// maintainer reviews. Others see nothing.
pub(super) async fn own_part(context: &Context, request: &PanelRequest) -> Rendered {
    let Some((full_name, number)) = pull_shown(&request.path) else {
        return Ok(None);
    };
    let MaybePerson(Some(viewer)) = MaybePerson::of(&request.extensions) else {
        return Ok(None);
    };
    let (pull, project) = access::pull_request(context, &full_name, &number).await?;
    let mut html = overrides::own_part(context, &viewer, &pull).await?;
    if let Some(maintainer) = access::pull_maintainer(context, viewer, pull, project).await? {
        html += &panel(context, &maintainer, Form::default()).await?;
    }
    Ok((!html.is_empty()).then(|| PanelView { html, ..PanelView::default() }))
}

/// Renders the panel of a maintainer, with what they typed.
pub(super) async fn panel(
    context: &Context,
    maintainer: &PullMaintainer,
    form: Form,
) -> Result<String, WebError> {
    let (db, now) = (&context.db, context.now());
    let (pull, person) = (&maintainer.pull, maintainer.viewer.user_id);
    let id = pull.id.into();
    let permitted = permitted_reviews(db, maintainer.reviewing(), id, now).await?;
    // What was merged is no longer abandoned.
    let closing = match permitted.state {
        State::Merged => None,
        _ => reads::closings(db, [id]).await?.get(&pull.id).map(Closing::from),
    };
    let reviews = reads::reviews(db, id).await?;
    let mut reviewers = reads::reviewers(db, [id]).await?;
    let rated = reviews.iter().rev();
    let rating =
        rated.filter(|review| review.reviewer_id == person).find_map(|review| review.rating);
    let reviewing = |reviewer: ReviewerView| CurrentReviewer {
        who: reviewer.who,
        since: Instant(reviewer.since),
    };
    html(&ReviewPanel {
        address: format!("{}/reviews", PullLink::of(pull).address),
        state: state(permitted.state),
        closes: permitted.closes_at.map(Instant),
        is_closed: permitted.closes_at.is_some_and(|at| at < now),
        permitted,
        closing,
        reviewers: reviewers.remove(&pull.id).into_iter().flatten().map(reviewing).collect(),
        internal: reviews.into_iter().filter_map(internal).collect(),
        rating,
        form,
    })
}

fn internal(review: ReviewView) -> Option<InternalComment> {
    Some(InternalComment {
        comment: review.internal_comment?,
        by: review.reviewer,
        action: review.action.words(),
        at: Instant(review.at),
    })
}
