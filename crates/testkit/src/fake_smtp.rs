//! A mail server that accepts and shows every mail, for tests and development. Faults can be simulated.

use std::{
    collections::VecDeque,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A simulated fault, instead of accepting a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailFault {
    /// The server refuses with this code: 4xx is temporary, 5xx permanent.
    Refuse(u16),
    /// The server closes the connection in the middle of the mail.
    HangUp,
    /// The server never answers.
    Silence,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub recipients: Vec<String>,
    /// Headers and body, as received.
    pub text: String,
}

impl std::fmt::Display for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "To: {}", self.recipients.join(", "))?;
        let Some(text) = decoded_text(&self.text) else {
            return f.write_str(&self.text);
        };
        let subject = self.text.lines().find(|line| line.starts_with("Subject: "));
        write!(f, "{}\n\n{text}", subject.unwrap_or_default())
    }
}

/// Returns the plain text of a mail as people read it, whose links can be copied; `None` if it has none.
fn decoded_text(mail: &str) -> Option<String> {
    let boundary = mail.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next());
    let separator = boundary.map(|boundary| format!("\r\n--{boundary}"));
    let mut parts: Box<dyn Iterator<Item = &str>> = match &separator {
        Some(separator) => Box::new(mail.split(separator.as_str())),
        None => Box::new(std::iter::once(mail)),
    };
    let part = parts.find(|part| part.contains("Content-Type: text/plain"))?;
    let (head, body) = part.split_once("\r\n\r\n")?;
    if head.contains("base64") {
        let bytes = STANDARD.decode(body.split_whitespace().collect::<String>()).ok()?;
        return String::from_utf8(bytes).ok();
    }
    Some(if head.contains("quoted-printable") { unquoted(body) } else { body.to_owned() })
}

/// Decodes quoted-printable text (RFC 2045, section 6.7).
fn unquoted(body: &str) -> String {
    let joined = body.replace("=\r\n", "");
    let (mut bytes, mut rest) = (Vec::with_capacity(joined.len()), joined.as_str());
    while let Some((plain, coded)) = rest.split_once('=') {
        bytes.extend_from_slice(plain.as_bytes());
        let hex = coded.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(hex.unwrap_or(b'='));
        rest = if hex.is_some() { &coded[2..] } else { coded };
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

#[derive(Default)]
struct SmtpState {
    faults: VecDeque<MailFault>,
    taken: Vec<Mail>,
    /// The response to `AUTH PLAIN` that it accepts; `None` if it asks no one.
    login: Option<String>,
}

type Shared = Arc<Mutex<SmtpState>>;

/// A running mail server.
pub struct FakeSmtp {
    url: String,
    shared: Shared,
    server: JoinHandle<io::Result<()>>,
}

impl FakeSmtp {
    /// Starts a server on a free local port.
    ///
    /// # Errors
    /// When no port is available.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("smtp://{}", listener.local_addr()?);
        let shared = Shared::default();
        let server = tokio::spawn(listen(listener, Arc::clone(&shared), |_| {}));
        Ok(Self { url, shared, server })
    }

    /// Returns its address.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Takes mails only of those who have this user name and password.
    pub fn require(&self, username: &str, password: &str) {
        let login = STANDARD.encode(format!("\0{username}\0{password}"));
        lock(&self.shared).login = Some(login);
    }

    /// Sets the faults of the next mails, in order.
    pub fn next(&self, faults: impl IntoIterator<Item = MailFault>) {
        lock(&self.shared).faults.extend(faults);
    }

    /// Returns the mails accepted so far.
    #[must_use]
    pub fn taken(&self) -> Vec<Mail> {
        lock(&self.shared).taken.clone()
    }
}

impl Drop for FakeSmtp {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Serves until the future is dropped, and passes each mail to `show`.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, show: fn(&Mail)) -> io::Result<()> {
    listen(listener, Shared::default(), show).await
}

fn lock(shared: &Shared) -> MutexGuard<'_, SmtpState> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn listen(listener: TcpListener, shared: Shared, show: fn(&Mail)) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        // An error on one connection does not affect the others.
        tokio::spawn(talk(stream, Arc::clone(&shared), show));
    }
}

/// Handles one connection.
async fn talk(stream: TcpStream, shared: Shared, show: fn(&Mail)) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    say(&mut stream, "220 fake ready").await?;
    let login = lock(&shared).login.clone();
    let (mut recipients, mut is_known) = (Vec::new(), login.is_none());
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" if login.is_some() => "250-fake\r\n250 AUTH PLAIN",
            "EHLO" | "HELO" => "250 fake",
            "AUTH" => {
                is_known = line.trim_end().rsplit(' ').next() == login.as_deref();
                if is_known { "235 2.7.0 accepted" } else { "535 5.7.8 authentication failed" }
            }
            "MAIL" if !is_known => "530 5.7.0 authentication required",
            "RCPT" => {
                let address = line.split(['<', '>']).nth(1).unwrap_or_default();
                recipients.push(address.to_owned());
                "250 known"
            }
            "DATA" => {
                say(&mut stream, "354 start mail input").await?;
                let text = read(&mut stream).await?;
                let to = std::mem::take(&mut recipients);
                let mail = Mail { recipients: to, text };
                if !judge(&mut stream, &shared, mail, show).await? {
                    return Ok(());
                }
                continue;
            }
            "QUIT" => {
                say(&mut stream, "221 bye").await?;
                return Ok(());
            }
            _ => "250 OK",
        };
        say(&mut stream, answer).await?;
    }
}

/// Accepts or refuses a mail. Returns whether the connection continues.
async fn judge(
    stream: &mut BufReader<TcpStream>,
    shared: &Shared,
    mail: Mail,
    show: fn(&Mail),
) -> io::Result<bool> {
    let fault = lock(shared).faults.pop_front();
    match fault {
        None => {
            show(&mail);
            lock(shared).taken.push(mail);
            say(stream, "250 taken").await?;
        }
        Some(MailFault::Refuse(code)) => say(stream, &format!("{code} simulated failure")).await?,
        Some(MailFault::HangUp) => return Ok(false),
        Some(MailFault::Silence) => std::future::pending().await,
    }
    Ok(true)
}

/// Reads a mail up to the line with a single dot.
async fn read(stream: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            return Ok(text);
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

async fn say(stream: &mut BufReader<TcpStream>, line: &str) -> io::Result<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_shows_its_links_as_people_copy_them() {
        let text = "Subject: Hi\r\nContent-Type: multipart/alternative;\r\n boundary=\"b\"\r\n\r\n--b\r\n\
                    Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\
                    \r\nhttps://guild.example/a?b=3D=\r\nc=C3=A9\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>\r\n--b--";
        let mail = Mail { recipients: vec!["a@b.example".to_owned()], text: text.to_owned() };
        let shown = "To: a@b.example\nSubject: Hi\n\nhttps://guild.example/a?b=c\u{e9}";
        assert_eq!(mail.to_string(), shown);
    }
}
