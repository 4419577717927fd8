//! A minimal HTTP/1.1 client for judges and load generators, with one kept-alive connection.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A kept-alive connection.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// A response of the server.
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// The status line and the headers.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines();
        lines.find_map(|line| {
            let (own, value) = line.split_once(": ")?;
            own.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// Returns the value of a cookie that it sets.
    pub(crate) fn cookie(&self, name: &str) -> Result<String> {
        let name = format!("{name}=");
        let value = self.head.split(&name).nth(1);
        let value = value.and_then(|rest| rest.split(';').next());
        let value = value.with_context(|| format!("{name} is not set"))?;
        Ok(value.to_owned())
    }

    /// Returns the body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Returns the body as JSON.
    pub(crate) fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body).with_context(|| format!("not JSON: {}", self.text()))
    }
}

impl Connection {
    /// Connects to 127.0.0.1.
    pub(crate) async fn open(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(4096) })
    }

    /// Connects to 127.0.0.1 as soon as a server listens on the port.
    pub(crate) async fn once_open(port: u16) -> Result<Self> {
        for _ in 0..200 {
            if let Ok(connection) = Self::open(port).await {
                return Ok(connection);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("nothing listens at port {port}")
    }

    /// Sends a complete request and reads the response.
    pub(crate) async fn send(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let end = self.read_head().await?;
        let (status, framing) = parse_head(&self.buffer[..end])?;
        let head = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
        let body = match framing {
            Framing::Length(length) => self.read_counted(end, length).await?,
            Framing::Chunked => self.read_chunks(end).await?,
        };
        Ok(Answer { status, head, body })
    }

    /// Sends a GET.
    pub(crate) async fn get(&mut self, path: &str) -> Result<Answer> {
        self.send(get(path).as_bytes()).await
    }

    async fn read_head(&mut self) -> Result<usize> {
        loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                return Ok(end + 4);
            }
            self.read_more().await?;
        }
    }

    async fn read_counted(&mut self, head: usize, length: usize) -> Result<Vec<u8>> {
        while self.buffer.len() < head + length {
            self.read_more().await?;
        }
        Ok(self.buffer[head..head + length].to_vec())
    }

    async fn read_chunks(&mut self, head: usize) -> Result<Vec<u8>> {
        let (mut at, mut body) = (head, Vec::new());
        loop {
            let Some(line) = find(&self.buffer[at..], b"\r\n") else {
                self.read_more().await?;
                continue;
            };
            let size = std::str::from_utf8(&self.buffer[at..at + line])?;
            let size =
                usize::from_str_radix(size.trim(), 16).context("a chunk's size is not a number")?;
            let start = at + line + 2;
            while self.buffer.len() < start + size + 2 {
                self.read_more().await?;
            }
            body.extend_from_slice(&self.buffer[start..start + size]);
            at = start + size + 2;
            if size == 0 {
                return Ok(body);
            }
        }
    }

    async fn read_more(&mut self) -> Result<()> {
        let read = self.stream.read_buf(&mut self.buffer).await?;
        if read == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}

/// Sends a GET with cookies.
pub(crate) async fn with_cookies(port: u16, path: &str, cookies: &str) -> Result<Answer> {
    request(port, "GET", path, &[("Cookie", cookies)], None).await
}

/// Sends a request with these headers, and with a JSON body if there is one.
pub(crate) async fn request(
    port: u16,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> Result<Answer> {
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n");
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    match body.map(Value::to_string) {
        Some(body) => request.push_str(&format!(
            "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )),
        None => request.push_str("Content-Length: 0\r\n\r\n"),
    }
    Connection::open(port).await?.send(request.as_bytes()).await
}

/// Returns the path and query of a URL.
pub(crate) fn path_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.find('/').map_or("/", |at| &rest[at..])
}

/// Returns the bytes of a GET.
pub(crate) fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n")
}

#[derive(Debug, PartialEq)]
enum Framing {
    Length(usize),
    Chunked,
}

fn parse_head(head: &[u8]) -> Result<(u16, Framing)> {
    let head = std::str::from_utf8(head).context("the answer's head is not text")?;
    let status =
        head.get(9..12).and_then(|code| code.parse().ok()).context("the answer has no status")?;
    let header = |name: &str| {
        let mut lines = head.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    };
    if header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        return Ok((status, Framing::Chunked));
    }
    let length = header("content-length")
        .map_or(Ok(0), str::parse)
        .context("the answer's length is not a number")?;
    Ok((status, Framing::Length(length)))
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::{Framing, parse_head};

    #[test]
    fn heads_are_parsed() {
        let head = b"HTTP/1.1 202 Accepted\r\nContent-Length: 19\r\n\r\n";
        assert_eq!(parse_head(head).expect("a head"), (202, Framing::Length(19)));
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        assert_eq!(parse_head(head).expect("a head"), (200, Framing::Chunked));
    }
}
