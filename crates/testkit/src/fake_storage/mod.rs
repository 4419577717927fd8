//! A simulated storage with the part of S3's API that copies of backups use: objects, also in parts, at signed addresses.
//! A request whose signature is wrong is refused, as the real one does.

mod signature;

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use sha2::{Digest, Sha256};
use tokio::{net::TcpListener, task::JoinHandle};

/// The access key that the fake accepts, and its secret.
pub const KEY: (&str, &str) = ("AKIAFAKEOFTHETESTKIT", "a-secret-of-the-testkit/with+signs");

const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";
/// The bytes of the largest request.
const LARGEST: usize = 64 * 1024 * 1024;

/// The parts of an upload, each with its tag, by number.
type Parts = BTreeMap<u16, (String, Bytes)>;

#[derive(Debug, Default)]
struct World {
    /// The objects by their path, `/BUCKET/NAME`.
    objects: BTreeMap<String, Bytes>,
    /// The uploads that are not complete.
    uploads: BTreeMap<String, Parts>,
    /// The number of uploads that were begun.
    begun: u64,
    /// The number of next requests that are refused with 503.
    refused: u32,
}

type Shared = Arc<Mutex<World>>;

fn world(shared: &Shared) -> MutexGuard<'_, World> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A running fake for tests. Dropping it stops the server.
pub struct FakeStorage {
    shared: Shared,
    url: String,
    server: JoinHandle<io::Result<()>>,
}

impl FakeStorage {
    /// Starts a fake on a free local port.
    ///
    /// # Errors
    /// When no port is available.
    pub async fn start() -> io::Result<Self> {
        // Clients in tests need it before their first call; installing it again has no effect.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let shared = Shared::default();
        let routes = Router::new()
            .fallback(answer)
            .layer(DefaultBodyLimit::max(LARGEST))
            .with_state(Arc::clone(&shared));
        let server = tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(Self { shared, url, server })
    }

    /// Returns its address, for the configuration.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Refuses the next requests with 503.
    pub fn refuse(&self, requests: u32) {
        world(&self.shared).refused = requests;
    }

    /// Returns the objects by their path, `/BUCKET/NAME`.
    #[must_use]
    pub fn objects(&self) -> BTreeMap<String, Bytes> {
        world(&self.shared).objects.clone()
    }

    /// Returns the number of uploads in parts that are not complete.
    #[must_use]
    pub fn unfinished(&self) -> usize {
        world(&self.shared).uploads.len()
    }
}

impl Drop for FakeStorage {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(
    State(shared): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut world = world(&shared);
    if world.refused > 0 {
        world.refused -= 1;
        return error(StatusCode::SERVICE_UNAVAILABLE, "SlowDown");
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let query = uri.query().unwrap_or_default();
    if !signature::is_right(method.as_str(), host, uri.path(), query) {
        return error(StatusCode::FORBIDDEN, "SignatureDoesNotMatch");
    }
    let of = |name: &str| {
        query
            .split('&')
            .find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
            .map(str::to_owned)
    };
    let path = uri.path().to_owned();
    match (method.as_str(), of("uploadId"), of("partNumber")) {
        ("PUT", None, None) => {
            world.objects.insert(path, body);
            StatusCode::OK.into_response()
        }
        ("POST", None, None) if of("uploads").is_some() => {
            world.begun += 1;
            let id = format!("upload-{}", world.begun);
            world.uploads.insert(id.clone(), Parts::new());
            xml("InitiateMultipartUploadResult", &format!("<UploadId>{id}</UploadId>"))
        }
        ("PUT", Some(id), Some(number)) => {
            let (Some(parts), Ok(number)) = (world.uploads.get_mut(&id), number.parse()) else {
                return error(StatusCode::NOT_FOUND, "NoSuchUpload");
            };
            let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&body)[..16]));
            parts.insert(number, (tag.clone(), body));
            [(header::ETAG, tag)].into_response()
        }
        ("POST", Some(id), None) => {
            complete(&mut world, path, &id, &String::from_utf8_lossy(&body))
        }
        ("DELETE", Some(id), None) => {
            world.uploads.remove(&id);
            StatusCode::NO_CONTENT.into_response()
        }
        ("HEAD", None, None) => match world.objects.get(&path) {
            Some(object) => [(header::CONTENT_LENGTH, object.len().to_string())].into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        },
        _ => error(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed"),
    }
}

/// Joins the parts of an upload if the request names each of them in order.
fn complete(world: &mut World, path: String, id: &str, named: &str) -> Response {
    let Some(parts) = world.uploads.get(id) else {
        return error(StatusCode::NOT_FOUND, "NoSuchUpload");
    };
    let expected: String = parts
        .iter()
        .map(|(number, (tag, _))| {
            format!("<Part><ETag>{tag}</ETag><PartNumber>{number}</PartNumber></Part>")
        })
        .collect();
    if !named.replace("&quot;", "\"").contains(&expected) {
        return error(StatusCode::BAD_REQUEST, "InvalidPart");
    }
    let whole: Vec<u8> = parts.values().flat_map(|(_, part)| part.iter().copied()).collect();
    world.uploads.remove(id);
    world.objects.insert(path, whole.into());
    xml("CompleteMultipartUploadResult", "<ETag>\"whole\"</ETag>")
}

fn xml(name: &str, content: &str) -> Response {
    let text = format!("<{name} xmlns=\"{NAMESPACE}\">{content}</{name}>");
    ([(header::CONTENT_TYPE, "application/xml")], text).into_response()
}

fn error(status: StatusCode, code: &str) -> Response {
    (status, format!("<Error><Code>{code}</Code></Error>")).into_response()
}
