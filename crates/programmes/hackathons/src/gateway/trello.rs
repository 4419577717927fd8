//! Trello, by its REST API (developer.atlassian.com/cloud/trello/rest).

use std::{collections::BTreeMap, time::Duration};

use github::rules::payload::Unexpected;
use platform::{
    Context,
    flags::{Flag, FlagKind, Outgoing, Permit, Start},
    jobs::Failure,
    outside::{Answer, AskError, Http, ask_up_to, silence},
};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::{
    model::TaskState,
    rules::trello::{Card, List, Wanted, read_cards, read_created, read_lists},
};

/// The name of Trello in metrics.
const TARGET: &str = "trello";
/// The time limit of a request.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The largest answer that is read, in bytes.
const LARGEST: usize = 16 << 20;
/// The number of cards of a page, and the most pages that are read.
const PAGE: usize = 1_000;
const MOST_PAGES: usize = 20;
/// The pause after a limit whose end Trello does not tell, and the longest that it can ask for.
const PAUSE: Duration = Duration::from_secs(60);
const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);

/// The switch for requests to Trello.
#[derive(Debug)]
pub struct BoardExports;

impl Outgoing for BoardExports {
    const FLAG: &'static Flag = &Flag {
        name: "board_exports",
        kind: FlagKind::Outgoing,
        variable: "ENABLE_BOARD_EXPORTS",
        start: Start::On,
        description: "Requests to Trello, which export the boards of teams of hackathons.",
    };
}

/// The reason why an export stopped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrelloError {
    /// A limit is reached. It ends after this time.
    #[error("Trello limits requests. The export continues in {} s.", .0.as_secs())]
    Limited(Duration),
    /// It does not respond, or fails.
    #[error("Trello does not respond ({0}). The server tries again.")]
    Unavailable(String),
    /// The credentials are not valid, or may not change the board.
    #[error(
        "Trello rejected the key or the token, or they may not change the board. Connect again with new ones."
    )]
    Rejected,
    /// The board does not exist, or the token may not see it.
    #[error(
        "Trello knows no such board. Connect again with the address of a board that you can change."
    )]
    NoBoard,
    /// A field of the answer has an unexpected type.
    #[error("Trello’s answer could not be read: {0}")]
    Unexpected(String),
    /// Exports are switched off.
    #[error("Exports are switched off on this server.")]
    SwitchedOff,
}

impl TrelloError {
    /// Returns the failure as the queue records it; `None` if only the team can change it.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        let reason = self.to_string();
        match self {
            Self::Limited(wait) => Some(Failure::Later(reason, *wait)),
            Self::Unavailable(_) | Self::SwitchedOff => Some(Failure::Retry(reason)),
            Self::Unexpected(_) => Some(Failure::Fail(reason)),
            Self::Rejected | Self::NoBoard => None,
        }
    }
}

impl From<Unexpected> for TrelloError {
    fn from(error: Unexpected) -> Self {
        Self::Unexpected(error.to_string())
    }
}

/// The access of a team to Trello, which the flag permits.
#[derive(Debug)]
pub struct TrelloAccess<'a> {
    context: &'a Context,
    header: header::HeaderValue,
    _permit: Permit<BoardExports>,
}

impl<'a> TrelloAccess<'a> {
    /// Creates the access from an API key and a token, joined by a line break.
    ///
    /// # Errors
    /// When exports are switched off, or the credentials are not valid.
    pub fn new(context: &'a Context, credentials: &str) -> Result<Self, TrelloError> {
        let permit = context.flags.permit::<BoardExports>();
        let permit = permit.map_err(|_| TrelloError::SwitchedOff)?;
        let (key, token) = credentials.split_once('\n').unwrap_or((credentials, ""));
        let text = format!("OAuth oauth_consumer_key=\"{key}\", oauth_token=\"{token}\"");
        let header = header::HeaderValue::try_from(text);
        let mut header = header.map_err(|_| TrelloError::Rejected)?;
        header.set_sensitive(true);
        Ok(Self {
            context,
            header,
            _permit: permit,
        })
    }
}

/// The client of Trello. It only calls the configured address, and never follows a redirect.
#[derive(Debug)]
pub struct Trello {
    address: String,
    http: Http,
}

impl Trello {
    /// Creates a client of Trello at an address.
    #[must_use]
    pub fn at(address: &str) -> Self {
        Self {
            address: address.trim_end_matches('/').to_owned(),
            http: Http::new(TIMEOUT),
        }
    }

    /// Lists the open lists of a board.
    ///
    /// # Errors
    /// When Trello does not respond or refuses, or a limit is reached.
    pub async fn lists(
        &self,
        access: &TrelloAccess<'_>,
        board: &str,
    ) -> Result<Vec<List>, TrelloError> {
        let path = format!("/1/boards/{board}/lists?filter=open&fields=name");
        Ok(read_lists(
            &self.send(access, Method::GET, &path, None).await?,
        )?)
    }

    /// Creates a list at the end of a board. Returns its ID.
    ///
    /// # Errors
    /// As [`Trello::lists`].
    pub async fn create_list(
        &self,
        access: &TrelloAccess<'_>,
        board: &str,
        name: &str,
    ) -> Result<String, TrelloError> {
        let body = json!({ "name": name, "idBoard": board, "pos": "bottom" });
        let created = self.send(access, Method::POST, "/1/lists", Some(body));
        Ok(read_created(&created.await?)?)
    }

    /// Lists the cards of a board, also those that are archived.
    ///
    /// # Errors
    /// As [`Trello::lists`].
    pub async fn cards(
        &self,
        access: &TrelloAccess<'_>,
        board: &str,
    ) -> Result<Vec<Card>, TrelloError> {
        let path = format!(
            "/1/boards/{board}/cards?filter=all&fields=name,desc,due,closed,idList&limit={PAGE}"
        );
        let (mut cards, mut page) = (Vec::new(), path.clone());
        for _ in 0..MOST_PAGES {
            let body = self.send(access, Method::GET, &page, None).await?;
            let read = read_cards(&body)?;
            // IDs begin with the time of creation: the smallest is the oldest of the page.
            let Some(oldest) = read.iter().map(|card| card.id.clone()).min() else {
                return Ok(cards);
            };
            page = format!("{path}&before={oldest}");
            cards.extend(read);
        }
        let most = PAGE * MOST_PAGES;
        Err(TrelloError::Unexpected(format!(
            "the board has more than {most} cards"
        )))
    }

    /// Creates the card of a task. Returns its ID.
    ///
    /// # Errors
    /// As [`Trello::lists`].
    pub async fn create_card(
        &self,
        access: &TrelloAccess<'_>,
        wanted: &Wanted,
        lists: &BTreeMap<TaskState, String>,
    ) -> Result<String, TrelloError> {
        let body = fields(wanted, lists);
        let created = self.send(access, Method::POST, "/1/cards", Some(body));
        Ok(read_created(&created.await?)?)
    }

    /// Gives a card the fields of its task.
    ///
    /// # Errors
    /// As [`Trello::lists`].
    pub async fn update_card(
        &self,
        access: &TrelloAccess<'_>,
        card: &str,
        wanted: &Wanted,
        lists: &BTreeMap<TaskState, String>,
    ) -> Result<(), TrelloError> {
        let mut body = fields(wanted, lists);
        body["closed"] = false.into();
        let path = format!("/1/cards/{card}");
        self.send(access, Method::PUT, &path, Some(body)).await?;
        Ok(())
    }

    /// Archives a card.
    ///
    /// # Errors
    /// As [`Trello::lists`].
    pub async fn archive_card(
        &self,
        access: &TrelloAccess<'_>,
        card: &str,
    ) -> Result<(), TrelloError> {
        let (path, body) = (format!("/1/cards/{card}"), json!({ "closed": true }));
        self.send(access, Method::PUT, &path, Some(body)).await?;
        Ok(())
    }

    async fn send(
        &self,
        access: &TrelloAccess<'_>,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Vec<u8>, TrelloError> {
        let url = format!("{}{path}", self.address);
        let request = self.http.request(method, &url);
        let mut request = request.map_err(|error| unavailable(&error))?;
        request = request.header(header::AUTHORIZATION, access.header.clone());
        if let Some(body) = body {
            request = request
                .header(header::CONTENT_TYPE, "application/json")
                .body(body.to_string());
        }
        match ask_up_to(TARGET, request, access.context.now(), LARGEST).await {
            Ok(answer) => successful(answer),
            Err(AskError::TooLong(_)) => {
                let says = "it is larger than 16 MiB".to_owned();
                Err(TrelloError::Unexpected(says))
            }
            Err(AskError::Call(error)) => Err(unavailable(&error)),
        }
    }
}

fn fields(wanted: &Wanted, lists: &BTreeMap<TaskState, String>) -> Value {
    json!({
        "name": wanted.name, "desc": wanted.desc, "due": wanted.due, "idList": lists.get(&wanted.state),
    })
}

fn successful(answer: Answer) -> Result<Vec<u8>, TrelloError> {
    match answer.status {
        status if status.is_success() => Ok(answer.text.into_bytes()),
        StatusCode::TOO_MANY_REQUESTS => {
            let wait = answer.retry_after.unwrap_or(PAUSE);
            let wait = wait.clamp(Duration::from_secs(1), LONGEST_PAUSE);
            Err(TrelloError::Limited(wait))
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(TrelloError::Rejected),
        // Trello answers 400 to an ID that no board can have.
        StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST => Err(TrelloError::NoBoard),
        status if status.is_server_error() => Err(TrelloError::Unavailable(status.to_string())),
        status => Err(TrelloError::Unexpected(format!("status {status}"))),
    }
}

fn unavailable(error: &reqwest::Error) -> TrelloError {
    TrelloError::Unavailable(silence(error).to_owned())
}
