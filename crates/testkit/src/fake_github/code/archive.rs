use std::{io, sync::Arc};

use axum::{
    Extension,
    extract::{OriginalUri, Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};

use super::{
    super::{
        Shared,
        answer::{Refusal, parameter},
        guard::{Caller, delay},
    },
    lists::found,
    objects::Commit,
};

/// `GET /repos/{owner}/{repo}/tarball/{sha}`: redirects to the download, whose address has a token for a private repository.
pub(in super::super) async fn tarball(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((owner, repo, sha)): Path<(String, String, String)>,
) -> Result<Response, Refusal> {
    let mut world = shared.world();
    let place = caller.place(&world, &format!("{owner}/{repo}"))?;
    let own = &world.places[place];
    let missing = |_| Refusal::not_found();
    let sha = found(own, &sha).map_err(missing)?.sha.clone();
    let (name, is_private) = (own.repo.full_name(), own.repo.private);
    let base = world.switches.archives_at.clone();
    let base = base.unwrap_or_else(|| format!("{}/_codeload", shared.base));
    let mut address = format!("{base}/{name}/legacy.tar.gz/{sha}");
    if is_private {
        let token = world.rng.sha();
        address.push_str(&format!("?token={token}"));
        world.places[place].code.downloads.insert(token);
    }
    Ok((StatusCode::FOUND, [(header::LOCATION, address)]).into_response())
}

/// `GET /_codeload/{owner}/{repo}/legacy.tar.gz/{sha}`: another server on GitHub, which takes no token in headers.
pub(in super::super) async fn codeload(
    State(shared): State<Arc<Shared>>,
    Path((owner, repo, sha)): Path<(String, String, String)>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Refusal> {
    delay(&shared).await;
    let world = shared.world();
    let place = &world.places[world.place(&format!("{owner}/{repo}"))?];
    let token = parameter(&uri, "token").unwrap_or_default();
    if place.repo.private && !place.code.downloads.contains(&token) {
        return Err(Refusal::not_found());
    }
    let commit = place.code.commits.get(&sha);
    let commit = commit.ok_or_else(Refusal::not_found)?;
    let top = format!("{}-{}", place.repo.full_name().replace('/', "-"), &commit.sha[..7]);
    let packed = pack(commit, &top).map_err(|error| Refusal::new(500, error.to_string()))?;
    let kind = [(header::CONTENT_TYPE, "application/x-gzip")];
    Ok((kind, packed).into_response())
}

/// Packs the files of a commit as code hosts do: in the folder `top`, after the SHA of the commit.
pub(super) fn pack(commit: &Commit, top: &str) -> io::Result<Vec<u8>> {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let sha = &commit.sha;
    let comment = format!("52 comment={sha}\n");
    let mut header = tar::Header::new_ustar();
    header.set_entry_type(tar::EntryType::XGlobalHeader);
    header.set_size(comment.len() as u64);
    tar.append_data(&mut header, "pax_global_header", comment.as_bytes())?;
    for (path, contents) in &commit.files {
        let mut header = tar::Header::new_ustar();
        header.set_mode(0o664);
        header.set_mtime(commit.committer.at.timestamp().unsigned_abs());
        header.set_size(contents.len() as u64);
        tar.append_data(&mut header, format!("{top}/{path}"), contents.as_ref())?;
    }
    tar.into_inner()?.finish()
}
