use super::{Api, ApiError, Call, api::Read};
use crate::{model::PatchedFile, rules::payload};

impl Api {
    /// Reads the files of a pull request with their patches, at most [`crate::model::MOST_PATCHED_FILES`].
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub(crate) async fn patches(
        &self,
        call: Call<'_>,
        full_name: &str,
        number: i64,
    ) -> Result<Vec<PatchedFile>, ApiError> {
        let path = format!("/repos/{full_name}/pulls/{number}/files?per_page=100");
        let read: Read<Vec<PatchedFile>> = self.get(call, &path, None).await?;
        match read {
            Read::Changed(files, _) => Ok(files.into_iter().map(kept).collect()),
            Read::Unchanged => Err(ApiError::Unexpected("it has no files".to_owned())),
        }
    }
}

/// The bytes of a file's patch that are kept. That of a few lines is longer only if they are generated.
const LONGEST_PATCH: usize = 16 << 10;

/// Returns a file as it is stored. A patch that is too long, or has a character that text columns cannot hold, is left
/// out.
pub(super) fn kept(mut file: PatchedFile) -> PatchedFile {
    file.path = payload::path(&file.path);
    file.status = file.status.chars().filter(char::is_ascii_lowercase).take(20).collect();
    file.patch = file.patch.filter(|patch| patch.len() <= LONGEST_PATCH && !patch.contains('\0'));
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_is_bounded() {
        let file = |patch: &str| {
            let json = serde_json::json!({
                "sha": "a", "filename": "src/a.rs", "status": "modified", "additions": 1, "deletions": 1,
                "changes": 2, "patch": patch
            });
            kept(serde_json::from_value(json).expect("a file"))
        };
        assert_eq!(file("@@ -1 +1 @@\n-a\n+b").patch.as_deref(), Some("@@ -1 +1 @@\n-a\n+b"));
        assert_eq!(file("+a\0").patch, None);
        assert_eq!(file(&"+".repeat(LONGEST_PATCH + 1)).patch, None);
    }
}
