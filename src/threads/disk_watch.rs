//! The disk-watch thread, `disk-watch`: looks how much room there is, has the oldest rotated files
//! deleted where it is too little, and pauses writing where that does not suffice.

use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError};
use log::{info, warn};

use crate::files::disk::Disk;
use crate::files::free_space::{FreeSpace, Look};
use crate::pause::Pause;
use crate::status::Status;

/// The time between two looks while there is too little room or files were just deleted.
const SOON: Duration = Duration::from_secs(1);

/// What the disk watch works with.
pub struct DiskWatchThread {
    /// Looks and deletes.
    pub free_space: FreeSpace<Disk>,
    /// The time between two looks while there is room.
    pub check_interval: Duration,
    /// Comes when a write failed, which is reason to look; when it ends, so does the thread.
    pub write_failed: Receiver<()>,
    /// What it pauses.
    pub pause: Pause,
    /// Where its findings are shown.
    pub status: Arc<Status>,
    /// The last look failed, which was said.
    pub blind: bool,
}

impl DiskWatchThread {
    /// Looks until nobody writes any more.
    pub fn run(mut self, mut next_look: Duration) {
        loop {
            match self.write_failed.recv_timeout(next_look) {
                Ok(()) | Err(RecvTimeoutError::Timeout) => next_look = self.look(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Looks once, and says when to look again.
    pub fn look(&mut self) -> Duration {
        let look = match self.free_space.look() {
            Ok(look) => look,
            Err(error) => {
                if !self.blind {
                    warn!("{error}; how much room there is stays unknown until that works");
                }
                self.blind = true;
                return self.check_interval.min(SOON);
            }
        };
        self.blind = false;
        self.status.disk_free(look.free.0);
        self.tell_deleted(&look);
        self.pause_or_go_on(&look);
        if look.enough && look.deleted.is_empty() {
            self.check_interval
        } else {
            self.check_interval.min(SOON)
        }
    }

    fn tell_deleted(&self, look: &Look) {
        self.status.deleted(look.deleted.len() as u64);
        if let [oldest, .., newest] | [oldest @ newest] = &*look.deleted {
            warn!(
                "Deleted the oldest rotated files, {} of them, {} in all, from {} to {}: less than {} \
                 were free",
                look.deleted.len(),
                look.freed,
                oldest.display(),
                newest.display(),
                self.free_space.floor(),
            );
        }
        for error in &look.errors {
            warn!("{error}");
        }
    }

    fn pause_or_go_on(&self, look: &Look) {
        let directory = self.free_space.directory().display();
        let reason = format!(
            "writing is paused: {} are free in {directory}, fewer than the {} of \
             output.disk_monitor.min_free_gb, and no rotated file is left to delete",
            look.free,
            self.free_space.floor(),
        );
        // The reason is there before the pause and until after it.
        if look.enough {
            if self.pause.set(false) {
                info!("Writing goes on: {} are free in {directory}", look.free);
                self.status.paused(None);
            }
        } else {
            self.status.paused(Some(reason.clone()));
            if self.pause.set(true) {
                warn!("{reason}; it goes on by itself once there is room");
            }
        }
    }
}
