use std::{path::Path, time::Duration};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use platform::{
    config::Config,
    outside::{Http, send, silence},
};
use reqwest::{Method, Response, Url, header};
use rusty_s3::{
    Bucket, Credentials, S3Action as _, UrlStyle,
    actions::{CompleteMultipartUploadResponse, CreateMultipartUpload},
};
use secrecy::ExposeSecret as _;
use tokio::{
    fs::File,
    io::{AsyncReadExt as _, Take},
};

/// The name of the storage in metrics of outgoing calls.
const TARGET: &str = "backup_storage";
/// The bytes of a part of a large file, and the most parts that a storage accepts.
const PART: u64 = 8 * 1024 * 1024;
const MOST_PARTS: u64 = 10_000;
/// How long a part may take, and how long its address is valid.
const PATIENCE: Duration = Duration::from_secs(10 * 60);
/// The bytes of an answer that are read.
const LARGEST_ANSWER: usize = 64 * 1024;

/// A bucket of an S3-compatible storage.
#[derive(Debug)]
pub(crate) struct Storage {
    bucket: Bucket,
    credentials: Credentials,
    http: Http,
}

impl Storage {
    /// Returns the bucket of the configuration; `None` if there is none.
    ///
    /// # Errors
    /// When its URL cannot be used.
    pub(crate) fn of(config: &Config) -> Result<Option<Self>> {
        let (Some(url), Some(bucket), Some(key), Some(secret)) = (
            &config.backup_s3_url,
            &config.backup_s3_bucket,
            &config.backup_s3_access_key,
            &config.backup_s3_secret_key,
        ) else {
            return Ok(None);
        };
        let url = Url::parse(url).context("backup_s3_url is not a URL")?;
        let region = config.backup_s3_region.clone();
        // Storages at a number or with a name of their own have no name for each bucket.
        let bucket = Bucket::new(url, UrlStyle::Path, bucket.clone(), region)
            .map_err(|error| anyhow!("backup_s3_url cannot be used: {error}"))?;
        let credentials = Credentials::new(key, secret.expose_secret());
        Ok(Some(Self { bucket, credentials, http: Http::new(PATIENCE) }))
    }

    /// Copies a file to the bucket under its name, and checks the size that the storage states.
    ///
    /// # Errors
    /// When the file cannot be read, or the storage does not accept it. A partial upload is then aborted, if the storage
    /// still answers.
    pub(crate) async fn put(&self, file: &Path, name: &str) -> Result<()> {
        let content = File::open(file).await.with_context(|| format!("cannot read {name}"))?;
        let size = content.metadata().await?.len();
        if size <= PART {
            let url = self.bucket.put_object(Some(&self.credentials), name).sign(PATIENCE);
            self.call(Method::PUT, &url, part_of(&mut content.take(PART), PART).await?).await?;
        } else {
            self.put_parts(content, size, name).await?;
        }
        let url = self.bucket.head_object(Some(&self.credentials), name).sign(PATIENCE);
        let stored = self.call(Method::HEAD, &url, Vec::new()).await?;
        let stored = stored.headers().get(header::CONTENT_LENGTH);
        let stored = stored.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        ensure!(
            stored == Some(size),
            "the storage has {} bytes of {name} instead of {size}",
            stored.unwrap_or_default()
        );
        Ok(())
    }

    async fn put_parts(&self, content: File, size: u64, name: &str) -> Result<()> {
        let url = self.bucket.create_multipart_upload(Some(&self.credentials), name).sign(PATIENCE);
        let begun = text_of(self.call(Method::POST, &url, Vec::new()).await?).await?;
        let begun = CreateMultipartUpload::parse_response(&begun);
        let begun = begun.map_err(|_| anyhow!("the storage answered something else than S3"))?;
        let id = begun.upload_id();
        let sent = self.send_parts(content, size, name, id).await;
        if sent.is_err() {
            let abort = self.bucket.abort_multipart_upload(Some(&self.credentials), name, id);
            self.call(Method::DELETE, &abort.sign(PATIENCE), Vec::new()).await.ok();
        }
        sent
    }

    async fn send_parts(&self, content: File, size: u64, name: &str, id: &str) -> Result<()> {
        let part = PART.max(size / (MOST_PARTS - 1));
        let mut content = content.take(size);
        let mut tags = Vec::new();
        for number in 1.. {
            let bytes = part_of(&mut content, part).await?;
            if bytes.is_empty() {
                break;
            }
            let upload = self.bucket.upload_part(Some(&self.credentials), name, number, id);
            let sent = self.call(Method::PUT, &upload.sign(PATIENCE), bytes).await?;
            let tag = sent.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok());
            tags.push(tag.context("the storage did not confirm a part")?.to_owned());
        }
        let tags = tags.iter().map(String::as_str);
        let whole = self.bucket.complete_multipart_upload(Some(&self.credentials), name, id, tags);
        let url = whole.sign(PATIENCE);
        let answer = self.call(Method::POST, &url, whole.body().into_bytes()).await?;
        // A storage can fail after it has begun to answer with success.
        let answer = CompleteMultipartUploadResponse::parse(&text_of(answer).await?).map(drop);
        answer.map_err(|_| anyhow!("the storage could not join the parts of {name}"))
    }

    /// Sends a request and waits for the head of a successful response. The address has a signature, so it is never shown.
    async fn call(&self, method: Method, url: &Url, body: Vec<u8>) -> Result<Response> {
        let silent = |error: reqwest::Error| anyhow!("the storage: {}", silence(&error));
        let request = self.http.request(method, url.as_str()).map_err(silent)?;
        let request = request.header(header::CONTENT_LENGTH, body.len()).body(body);
        let response = send(TARGET, request).await.map_err(silent)?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let code = text_of(response).await.unwrap_or_default();
        match code_of(&code) {
            Some(code) => bail!("the storage answered {status} ({code})"),
            None => bail!("the storage answered {status}"),
        }
    }
}

/// Reads the next bytes of a file, fewer only at its end.
async fn part_of(content: &mut Take<File>, length: u64) -> Result<Vec<u8>> {
    let mut part = Vec::new();
    content.take(length).read_to_end(&mut part).await.context("cannot read the backup")?;
    Ok(part)
}

/// Reads the beginning of an answer.
async fn text_of(mut answer: Response) -> Result<String> {
    let mut text = Vec::new();
    while let Some(part) =
        answer.chunk().await.map_err(|error| anyhow!("the storage: {}", silence(&error)))?
    {
        text.extend_from_slice(&part);
        if text.len() > LARGEST_ANSWER {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// Returns the code of an error, such as `AccessDenied`.
fn code_of(answer: &str) -> Option<&str> {
    let (_, rest) = answer.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    code.bytes().all(|byte| byte.is_ascii_alphanumeric()).then_some(code)
}

#[cfg(test)]
mod tests {
    use platform::config::Flags;
    use testkit::fake_storage::{FakeStorage, KEY};

    use super::*;

    fn storage(fake: &FakeStorage, secret: &str) -> Storage {
        let config = Config::load(&Default::default(), &Flags::default());
        let mut config = config.expect("defaults");
        config.backup_s3_url = Some(fake.url().to_owned());
        config.backup_s3_bucket = Some("far".to_owned());
        config.backup_s3_access_key = Some(KEY.0.to_owned());
        config.backup_s3_secret_key = Some(secret.to_owned().into());
        Storage::of(&config).expect("a URL").expect("a storage")
    }

    #[tokio::test]
    async fn files_are_copied_whole_or_in_parts() {
        let fake = FakeStorage::start().await.expect("a port");
        let folder = tempfile::tempdir().expect("a folder");
        let own = storage(&fake, KEY.1);
        for (name, size) in [("small file", 1_000), ("large", 2 * PART + 5)] {
            let content: Vec<u8> = (0..size).map(|at| (at % 251) as u8).collect();
            let path = folder.path().join(name);
            std::fs::write(&path, &content).expect("written");
            own.put(&path, name).await.expect(name);
            let name = name.replace(' ', "%20");
            assert!(fake.objects()[&format!("/far/{name}")] == content, "{name}");
        }
        let path = folder.path().join("large");
        let other = storage(&fake, "another-secret").put(&path, "other").await;
        let other = format!("{:#}", other.expect_err("refused"));
        assert!(other.ends_with("(SignatureDoesNotMatch)"), "{other}");
        fake.refuse(1);
        let busy = format!("{:#}", own.put(&path, "busy").await.expect_err("refused"));
        assert!(busy.contains("503") && busy.ends_with("(SlowDown)"), "{busy}");
        assert_eq!((fake.objects().len(), fake.unfinished()), (2, 0));
    }
}
