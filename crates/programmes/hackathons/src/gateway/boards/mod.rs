//! Services that boards of teams are exported to. Each is one implementation of [`OpenBoard`] by its REST API.

mod link;
mod notion;
mod trello;

use std::time::Duration;

use futures_util::future::BoxFuture;
use platform::{
    Context,
    flags::{Flag, FlagKind, Outgoing, Start},
    jobs::Failure,
    outside::Http,
};
use serde_json::Value;

use crate::{
    model::BoardService,
    rules::board_exports::{Card, ShownTask},
};

use link::{Link, TIMEOUT};
use notion::NotionBoard;
use trello::TrelloBoard;

/// The switch for requests to these services.
#[derive(Debug)]
pub struct BoardExports;

impl Outgoing for BoardExports {
    const FLAG: &'static Flag = &Flag {
        name: "board_exports",
        kind: FlagKind::Outgoing,
        variable: "ENABLE_BOARD_EXPORTS",
        start: Start::On,
        description: "Requests to Trello and Notion, which export the boards of teams of hackathons.",
    };
}

/// How long an export waits while exports are switched off.
const SWITCHED_OFF: Duration = Duration::from_secs(60);

/// The reason why an export stopped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BoardError {
    /// A limit is reached. It ends after this time.
    #[error("{} limits requests. The export continues in {} s.", .0.heading(), .1.as_secs())]
    Limited(BoardService, Duration),
    /// It does not respond, or fails.
    #[error("{} does not respond ({}). The server tries again.", .0.heading(), .1)]
    Unavailable(BoardService, String),
    /// A card that was listed is gone.
    #[error("A card at {} is gone. The export begins again.", .0.heading())]
    Gone(BoardService),
    /// Only the team can change it. This is the sentence for them.
    #[error("{0}")]
    Refused(String),
    /// A field of the answer has an unexpected type.
    #[error("{}’s answer could not be read: {}", .0.heading(), .1)]
    Unexpected(BoardService, String),
    /// Exports are switched off.
    #[error("Exports are switched off on this server.")]
    SwitchedOff,
}

impl BoardError {
    /// Returns the failure as the queue records it; `None` if only the team can change it.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        let reason = self.to_string();
        match self {
            Self::Limited(_, wait) => Some(Failure::Later(reason, *wait)),
            Self::SwitchedOff => Some(Failure::Later(reason, SWITCHED_OFF)),
            Self::Unavailable(..) | Self::Gone(_) => Some(Failure::Retry(reason)),
            Self::Unexpected(..) => Some(Failure::Fail(reason)),
            Self::Refused(_) => None,
        }
    }
}

pub type BoardAnswer<'a, T> = BoxFuture<'a, Result<T, BoardError>>;

/// A board at a service that has all that an export needs.
pub trait OpenBoard: Send + Sync {
    /// Returns the fields of the card of a task, in the form in which the service takes them.
    fn fields(&self, shown: &ShownTask<'_>) -> Value;

    /// Lists the cards of the board, also those that are archived if the service lists them.
    fn cards(&self) -> BoardAnswer<'_, Vec<Card>>;

    /// Creates the card of a task. Returns its ID.
    fn create<'a>(&'a self, fields: &'a Value) -> BoardAnswer<'a, String>;

    /// Gives a card the fields of its task.
    fn update<'a>(&'a self, card: &'a str, fields: &'a Value) -> BoardAnswer<'a, ()>;

    fn archive<'a>(&'a self, card: &'a str) -> BoardAnswer<'a, ()>;
}

/// The clients of the services. They only call the configured addresses, and never follow a redirect.
#[derive(Debug)]
pub struct Boards {
    http: Http,
    trello: String,
    notion: String,
}

impl Boards {
    /// Creates clients of Trello and Notion at their addresses.
    #[must_use]
    pub fn at(trello: &str, notion: &str) -> Self {
        let address = |it: &str| it.trim_end_matches('/').to_owned();
        Self { http: Http::new(TIMEOUT), trello: address(trello), notion: address(notion) }
    }

    /// Opens a board with the credentials of a connection, and creates what an export needs and the board lacks.
    ///
    /// # Errors
    /// When exports are switched off, the service does not respond or refuses, or a limit is reached.
    pub async fn open<'a>(
        &'a self,
        context: &'a Context,
        service: BoardService,
        credentials: &str,
        board: &'a str,
    ) -> Result<Box<dyn OpenBoard + 'a>, BoardError> {
        let permit = context.flags.permit::<BoardExports>();
        let permit = permit.map_err(|_| BoardError::SwitchedOff)?;
        let link = |address| Link::new(context, service, &self.http, address, permit);
        Ok(match service {
            BoardService::Trello => {
                let link = link(&self.trello);
                Box::new(TrelloBoard::open(link, credentials, board).await?)
            }
            BoardService::Notion => {
                let link = link(&self.notion);
                Box::new(NotionBoard::open(link, credentials, board).await?)
            }
        })
    }
}
