use std::{
    io,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, header::CONNECTION},
    response::Response,
};
use hyper::{
    body::Incoming,
    server::conn::{http1, http2},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::peers::Peers;

/// The time a client has to send the head of each request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// The maximum size of a head over HTTP/2, in bytes. Large enough for the gate to reject it with a message.
const MOST_HEAD: u32 = 64 * 1024;
/// How often a connection is peeked at while its first bytes do not identify the protocol.
const PEEK_INTERVAL: Duration = Duration::from_millis(10);
/// The first bytes of a client that uses HTTP/2 (RFC 9113, section 3.4).
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// The maximum number of connections; more wait in the backlog of the listener.
const CONNECTIONS: usize = 4_096;
/// The maximum number of connections of one client address or proxy; more are closed immediately.
const CONNECTIONS_EACH: usize = CONNECTIONS / 2;
/// The delay after the system failed to accept a connection.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(100);

/// A request extension, cancelled at the signal to stop, so that endless responses end and `/readyz` fails.
#[derive(Clone, Debug)]
pub struct Closing(pub Arc<CancellationToken>);

/// The remote address of a request's connection: a browser, a program or a proxy.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) IpAddr);

/// Serves HTTP/1.1 and HTTP/2 until `stop`, then accepts no new connections and lets requests in progress finish.
/// Idle clients are disconnected, so that they cannot occupy a connection forever.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    serve_and_drain(listener, router, stop, Duration::ZERO).await;
}

/// Serves as [`serve`] does, and goes on for `drain` after `stop`: `/readyz` fails meanwhile, and each connection ends with
/// its next response, so that a load balancer sends its requests elsewhere before one is refused.
pub async fn serve_and_drain(
    listener: TcpListener,
    router: Router,
    stop: CancellationToken,
    drain: Duration,
) {
    let (places, peers) = (Arc::new(Semaphore::new(CONNECTIONS)), Peers::default());
    // A clone of the token locks it; one of the reference does not.
    let closing = Closing(Arc::new(stop.clone()));
    let ended = Arc::new(CancellationToken::new());
    let graceful = GracefulShutdown::new();
    let mut drained = pin!(async {
        stop.cancelled().await;
        tokio::time::sleep(drain).await;
    });
    loop {
        let accepted = tokio::select! {
            () = &mut drained => None,
            accepted = next(&listener, &places) => accepted,
        };
        let Some(((stream, peer), place)) = accepted else {
            break;
        };
        let Some(connected) = peers.admit(peer.ip(), CONNECTIONS_EACH) else {
            continue;
        };
        let (router, watcher) = (router.clone(), graceful.watcher());
        let known = (Peer(peer.ip()), closing.clone());
        let ended = Arc::clone(&ended);
        tokio::spawn(async move {
            if let Some(is_http2) = detect(&stream, &ended).await {
                serve_client(stream, is_http2, known, router, watcher).await;
            }
            drop((connected, place));
        });
    }
    drop(listener);
    ended.cancel();
    graceful.shutdown().await;
}

/// Waits for the first bytes of a connection. Returns true if it uses HTTP/2, and `None` if there are none in time or before
/// the server's end.
async fn detect(stream: &TcpStream, ended: &CancellationToken) -> Option<bool> {
    tokio::select! {
        biased;
        found = tokio::time::timeout(HEAD_TIMEOUT, is_http2_client(stream)) => found.ok()?.ok(),
        () = ended.cancelled() => None,
    }
}

/// Serves one connection until it is closed.
async fn serve_client(
    stream: TcpStream,
    is_http2: bool,
    (peer, closing): (Peer, Closing),
    router: Router,
    watcher: Watcher,
) {
    let leaving = closing.clone();
    let router = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        request.extensions_mut().insert(closing.clone());
        request
    });
    let stream = TokioIo::new(stream);
    // An error means that the client disconnected.
    if is_http2 {
        let service = TowerToHyperService::new(router);
        let mut builder = http2::Builder::new(TokioExecutor::new());
        builder
            .timer(TokioTimer::new())
            .max_header_list_size(MOST_HEAD)
            .keep_alive_interval(HEAD_TIMEOUT)
            .keep_alive_timeout(HEAD_TIMEOUT);
        let connection = builder.serve_connection(stream, service);
        watcher.watch(connection).await.ok();
    } else {
        let ends = move |mut response: Response| {
            if leaving.0.is_cancelled() {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            response
        };
        let router = ServiceExt::<Request<Incoming>>::map_response(router, ends);
        let service = TowerToHyperService::new(router);
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
        let connection = builder.serve_connection(stream, service);
        watcher.watch(connection).await.ok();
    }
}

/// Peeks at the first bytes to detect HTTP/2.
async fn is_http2_client(stream: &TcpStream) -> io::Result<bool> {
    let mut seen = [0; PREFACE.len()];
    loop {
        match stream.peek(&mut seen).await? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            all if all == PREFACE.len() => return Ok(seen == *PREFACE),
            part if seen[..part] != PREFACE[..part] => return Ok(false),
            _ => tokio::time::sleep(PEEK_INTERVAL).await,
        }
    }
}

/// Accepts the next connection once a slot is free.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<((TcpStream, SocketAddr), OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Responses are small: waiting to fill a packet only delays them.
                stream.set_nodelay(true).ok();
                return Some(((stream, peer), place));
            }
            Err(error) if is_of_one(&error) => {}
            Err(error) => {
                tracing::error!(%error, "cannot accept connections");
                tokio::time::sleep(ACCEPT_RETRY_DELAY).await;
            }
        }
    }
}

/// Returns true if only the connection failed, not the listener.
fn is_of_one(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::{Router, routing::get};
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::{TcpListener, TcpStream},
        time::sleep,
    };
    use tokio_util::sync::CancellationToken;

    async fn sends(bytes: &[u8]) -> (TcpStream, tokio::task::JoinHandle<()>, CancellationToken) {
        sends_and_drains(bytes, Duration::ZERO).await
    }

    async fn sends_and_drains(
        bytes: &[u8],
        drain: Duration,
    ) -> (TcpStream, tokio::task::JoinHandle<()>, CancellationToken) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let slow = get(async || {
            sleep(Duration::from_millis(50)).await;
            "done"
        });
        let (router, stop) = (Router::new().route("/", slow), CancellationToken::new());
        let serving = tokio::spawn(super::serve_and_drain(listener, router, stop.clone(), drain));
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.write_all(bytes).await.expect("sent");
        (stream, serving, stop)
    }

    /// Time is paused and jumps to the next timer when all tasks are idle. The test has no timer, so it is the
    /// server's.
    #[tokio::test(start_paused = true)]
    async fn idle_clients_are_disconnected() {
        for bytes in [&b""[..], b"P", b"GET / HTTP/1.1\r\nHo"] {
            let (mut stream, ..) = sends(bytes).await;
            let mut answer = Vec::new();
            // The server closes or resets the connection.
            stream.read_to_end(&mut answer).await.ok();
        }
    }

    #[tokio::test]
    async fn http2_is_detected_by_its_preface() {
        let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
        let (mut stream, ..) = sends(&[super::PREFACE.as_slice(), &settings].concat()).await;
        let mut frame = [0; 9];
        stream.read_exact(&mut frame).await.expect("a frame");
        assert_eq!(frame[3], settings[3], "the server's settings come first");
    }

    #[tokio::test]
    async fn requests_in_progress_finish_after_a_stop() {
        let (mut stream, serving, stop) = sends(b"GET / HTTP/1.1\r\nHost: hall\r\n\r\n").await;
        sleep(Duration::from_millis(10)).await;
        stop.cancel();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("read");
        assert!(answer.ends_with("done"), "{answer}");
        serving.await.expect("an end");
    }

    #[tokio::test]
    async fn requests_are_answered_while_a_server_drains() {
        let request = b"GET / HTTP/1.1\r\nHost: hall\r\n\r\n";
        let (mut stream, serving, stop) = sends_and_drains(b"", Duration::from_secs(2)).await;
        let address = stream.peer_addr().expect("an address");
        stop.cancel();
        for _ in 0..2 {
            stream.write_all(request).await.expect("sent");
            let mut answer = String::new();
            // The end of the connection ends this.
            stream.read_to_string(&mut answer).await.expect("read");
            assert!(answer.contains("connection: close\r\n"), "{answer}");
            assert!(answer.ends_with("done"), "{answer}");
            stream = TcpStream::connect(address).await.expect("a connection");
        }
        serving.await.expect("an end");
        TcpStream::connect(address).await.expect_err("refused");
    }
}
