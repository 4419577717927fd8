//! The viewer's rank on a leaderboard, which the cached page has a slot for.

use askama::Template;
use identity::model::UserId;
use platform::{
    Context,
    module::{Panel, PanelPlace, PanelRequest, PanelView},
    web::WebError,
};
use ui::{
    format::{Number, segment, top},
    html,
};

use super::progress::Goal;
use crate::{Programmes, access::Leaderboard, reads};

/// The panel of leaderboards.
pub(super) const PANEL: Panel = Panel {
    place: PanelPlace::OwnPart,
    order: 10,
    render: |context, request| Box::pin(own_rank(context, request)),
};

#[derive(Template)]
#[template(path = "own_rank.html")]
struct OwnRankPanel {
    /// The path of the leaderboard.
    address: String,
    /// The login, encoded for URLs.
    encoded: String,
    rank: Option<OwnRank>,
    /// True if the viewer opted out.
    is_unlisted: bool,
}

struct OwnRank {
    rank: Number,
    is_tied: bool,
    people: String,
    top: String,
    points: Number,
    goal: Option<Goal>,
}

async fn own_rank(
    context: &Context,
    request: &PanelRequest,
) -> Result<Option<PanelView>, WebError> {
    let programmes = request.extensions.get().copied().unwrap_or_default();
    let Some(person) = &request.person else {
        return Ok(None);
    };
    let Some(leaderboard) = shown(context, programmes, &request.path).await? else {
        return Ok(None);
    };
    let id = UserId::from(person.id);
    let found = reads::rank_with_neighbors(&context.db, &leaderboard.key(), id).await?;
    let rank = match &found {
        Some(found) => Some(OwnRank {
            rank: Number(found.position.rank),
            is_tied: found.position.tied_people > 1,
            people: Number(found.position.people).of("person", "people"),
            top: top(found.position.rank, found.position.people),
            points: Number(found.position.points),
            goal: Goal::read(context, found).await?,
        }),
        None => None,
    };
    let panel = OwnRankPanel {
        address: leaderboard.address(),
        encoded: segment(&person.login),
        is_unlisted: rank.is_none() && reads::has_opted_out(&context.db, id).await?,
        rank,
    };
    Ok(Some(PanelView { html: html(&panel)?, ..PanelView::default() }))
}

/// Finds the leaderboard of a page by its path.
async fn shown(
    context: &Context,
    programmes: Programmes,
    path: &str,
) -> Result<Option<Leaderboard>, WebError> {
    let Some(rest) = path.strip_prefix("/leaderboards") else {
        return Ok(None);
    };
    let parts: Vec<&str> = rest.split('/').skip(1).collect();
    let (board, month) = match parts[..] {
        [ref board @ .., "months", month] => match month.parse() {
            Ok(month) => (board, Some(month)),
            Err(_) => return Ok(None),
        },
        ref board => (board, None),
    };
    let named = match *board {
        [] => None,
        [many, slug] => {
            let Some(family) = programmes
                .boards()
                .find(|family| family.many == many && (month.is_none() || family.has_months))
            else {
                return Ok(None);
            };
            let Some(board) = (family.find)(context, slug).await? else {
                return Ok(None);
            };
            Some((family, board))
        }
        _ => return Ok(None),
    };
    Ok(Some(Leaderboard { named, month, source: None }))
}
