use std::time::Duration;

use github::rules::payload::Unexpected;
use platform::{
    Context,
    flags::Permit,
    outside::{Answer, AskError, Http, ask_up_to, silence},
};
use reqwest::{
    Method, StatusCode,
    header::{self, HeaderMap, HeaderName, HeaderValue},
};
use serde_json::Value;

use super::{BoardError, BoardExports};
use crate::model::BoardService;

/// The time limit of a request.
pub(super) const TIMEOUT: Duration = Duration::from_secs(30);
/// The largest answer that is read, in bytes.
const LARGEST: usize = 16 << 20;
/// The pause after a limit whose end the service does not tell, and the longest that it can ask for.
const PAUSE: Duration = Duration::from_secs(60);
const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);
/// The status of a service with too many requests of all its users.
const OVERLOADED: u16 = 529;

/// Returns the sentence for a team whose request was refused with a status and a body; `None` if they cannot change it.
pub(super) type Refusal = fn(StatusCode, &str) -> Option<String>;

/// The requests of a team to a service, which the flag permits.
#[derive(Debug)]
pub(super) struct Link<'a> {
    context: &'a Context,
    service: BoardService,
    http: &'a Http,
    address: &'a str,
    headers: HeaderMap,
    refusal: Refusal,
    _permit: Permit<BoardExports>,
}

impl<'a> Link<'a> {
    pub(super) fn new(
        context: &'a Context,
        service: BoardService,
        http: &'a Http,
        address: &'a str,
        permit: Permit<BoardExports>,
    ) -> Self {
        Self {
            context,
            service,
            http,
            address,
            headers: HeaderMap::new(),
            refusal: |_, _| None,
            _permit: permit,
        }
    }

    /// Adds a header to all requests.
    pub(super) fn with(mut self, name: HeaderName, value: &'static str) -> Self {
        self.headers.insert(name, HeaderValue::from_static(value));
        self
    }

    /// Adds credentials to all requests, and the way to tell a team why the service refuses.
    ///
    /// # Errors
    /// When the credentials are not valid.
    pub(super) fn authorized(mut self, text: &str, refusal: Refusal) -> Result<Self, BoardError> {
        self.refusal = refusal;
        let header = HeaderValue::try_from(text);
        let mut header = header.map_err(|_| {
            let said = refusal(StatusCode::UNAUTHORIZED, "");
            BoardError::Refused(said.unwrap_or_default())
        })?;
        header.set_sensitive(true);
        self.headers.insert(header::AUTHORIZATION, header);
        Ok(self)
    }

    /// Tells a team in another way why the service refuses from now on.
    pub(super) fn refusing(mut self, refusal: Refusal) -> Self {
        self.refusal = refusal;
        self
    }

    /// Sends a request and returns the body of a successful answer.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Vec<u8>, BoardError> {
        self.successful(self.ask(method, path, body).await?)
    }

    /// Sends a change of a card, which may be gone since the cards were listed.
    pub(super) async fn change(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<(), BoardError> {
        let answer = self.ask(method, path, Some(body)).await?;
        match answer.status {
            StatusCode::NOT_FOUND => Err(BoardError::Gone(self.service)),
            _ => self.successful(answer).map(|_| ()),
        }
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, BoardError> {
        let url = format!("{}{path}", self.address);
        let request = self.http.request(method, &url);
        let mut request = request.map_err(|error| self.unavailable(&error))?;
        request = request.headers(self.headers.clone());
        if let Some(body) = body {
            request =
                request.header(header::CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let (target, now) = (self.service.as_str(), self.context.now());
        match ask_up_to(target, request, now, LARGEST).await {
            Ok(answer) => Ok(answer),
            // Only the team can make its board smaller, so this is no failure of the server.
            Err(AskError::TooLong(_)) => Err(BoardError::Refused(format!(
                "A part of the board at {} is larger than 16 MiB. Connect again with a board for your team.",
                self.service.heading()
            ))),
            Err(AskError::Call(error)) => Err(self.unavailable(&error)),
        }
    }

    fn successful(&self, answer: Answer) -> Result<Vec<u8>, BoardError> {
        let status = answer.status;
        if status.is_success() {
            return Ok(answer.text.into_bytes());
        }
        if status == StatusCode::TOO_MANY_REQUESTS || status.as_u16() == OVERLOADED {
            let wait = answer.retry_after.unwrap_or(PAUSE);
            let wait = wait.clamp(Duration::from_secs(1), LONGEST_PAUSE);
            return Err(BoardError::Limited(self.service, wait));
        }
        let passes = [StatusCode::CONFLICT, StatusCode::REQUEST_TIMEOUT];
        if status.is_server_error() || passes.contains(&status) {
            return Err(BoardError::Unavailable(self.service, status.to_string()));
        }
        match (self.refusal)(status, &answer.text) {
            Some(said) => Err(BoardError::Refused(said)),
            None => Err(self.unexpected(&format!("status {status}"))),
        }
    }

    /// Reads an answer.
    pub(super) fn read<T>(&self, read: Result<T, Unexpected>) -> Result<T, BoardError> {
        read.map_err(|error| self.unexpected(&error.to_string()))
    }

    /// Returns the error for an answer that cannot be used.
    pub(super) fn unexpected(&self, says: &str) -> BoardError {
        BoardError::Unexpected(self.service, says.to_owned())
    }

    fn unavailable(&self, error: &reqwest::Error) -> BoardError {
        BoardError::Unavailable(self.service, silence(error).to_owned())
    }
}
