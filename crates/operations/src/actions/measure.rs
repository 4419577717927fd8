use std::{
    fs, io,
    path::{Path, PathBuf},
};

use platform::{Context, config::Config, db::DatabaseUrl, jobs::JobError};

use crate::store::storage;

/// Measures the database and the other files of the data directory, and stores the sizes of the day. Returns them in bytes.
///
/// # Errors
/// When the data directory cannot be read.
pub async fn measure_storage(context: &Context, config: &Config) -> Result<(i64, i64), JobError> {
    let database_bytes = context.db.size().await?;
    let (folder, database) = (config.data_dir.clone(), database_file(config));
    let measured = tokio::task::spawn_blocking(move || folder_size(&folder, database.as_deref()));
    let measured = measured.await.map_err(io::Error::other).flatten();
    let unread = |error: io::Error| {
        JobError::Other(format!("the data directory cannot be measured: {error}"))
    };
    let disk_bytes = measured.map_err(unread)?;
    let disk_bytes = i64::try_from(disk_bytes).unwrap_or(i64::MAX);
    let tx = context.begin().await?;
    storage::save(&tx, context.now().date_naive(), database_bytes, disk_bytes).await?;
    tx.commit().await?;
    Ok((database_bytes, disk_bytes))
}

/// Returns the file of a SQLite database.
fn database_file(config: &Config) -> Option<PathBuf> {
    match config.database().ok()? {
        DatabaseUrl::Sqlite(path) => Some(path),
        DatabaseUrl::Postgres(_) => None,
    }
}

/// Sums the sizes of the files in a folder and those below it, without the database and its log. Links are not followed.
fn folder_size(folder: &Path, database: Option<&Path>) -> io::Result<u64> {
    let (mut sum, mut folders) = (0, vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            // A file may be gone by now.
            let Ok(about) = entry.metadata() else { continue };
            if about.is_dir() {
                folders.push(entry.path());
            } else if about.is_file() && !is_of_database(&entry.path(), database) {
                sum += about.len();
            }
        }
    }
    Ok(sum)
}

/// Returns true for the file of the database, its write-ahead log and its shared memory.
fn is_of_database(path: &Path, database: Option<&Path>) -> bool {
    database.is_some_and(|database| {
        let (path, database) = (path.as_os_str(), database.as_os_str());
        path.as_encoded_bytes().starts_with(database.as_encoded_bytes())
    })
}
