//! The thread `control` answers requests on the socket in the log directory, one after the other. Only the owner of the run can
//! reach it.

use std::fs;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Sender, bounded};
use jiff::Timestamp;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::Mode;
use rustix::process::umask;

use super::FileRequest;
use super::reload::Reload;
use crate::config::steering::Act;
use crate::control::{ControlReply, ControlRequest, LONGEST, SOCKET};
use crate::orders::{Obeyed, Order, Orders};
use crate::status::Status;

/// How long a client may take to say what it wants, or to take the answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where requests come in.
#[derive(Debug)]
pub struct ControlSocket {
    listener: UnixListener,
    path: PathBuf,
    /// Readable once the run has ended.
    ended: UnixStream,
}

/// Ends the thread when it is dropped.
#[derive(Debug)]
pub struct ControlStop {
    _ends: UnixStream,
}

impl ControlSocket {
    /// Listens in a directory whose lock the process holds. A socket that an earlier run left there is replaced.
    ///
    /// # Errors
    /// The system refuses, such as where the path is longer than 107 bytes, or in a file system without sockets.
    pub fn listen(directory: &Path) -> io::Result<(Self, ControlStop)> {
        let path = directory.join(SOCKET);
        match fs::symlink_metadata(&path) {
            Ok(found) if found.file_type().is_socket() => fs::remove_file(&path)?,
            Ok(_) => return Err(ErrorKind::AlreadyExists.into()),
            Err(_) => {}
        }
        // No other thread makes files yet.
        let before = umask(Mode::RWXG | Mode::RWXO | Mode::XUSR);
        let listener = UnixListener::bind(&path);
        umask(before);
        let (ends, ended) = UnixStream::pair()?;
        Ok((Self { listener: listener?, path, ended }, ControlStop { _ends: ends }))
    }
}

impl Drop for ControlSocket {
    fn drop(&mut self) {
        // If it is gone already, it was taken away with its directory.
        let _ = fs::remove_file(&self.path);
    }
}

/// The state of the control thread.
pub struct ControlThread {
    /// Where requests come in.
    pub socket: ControlSocket,
    /// Asks the scheduler.
    pub orders: Orders,
    /// Reads the configuration again.
    pub reload: Reload,
    /// Asks the writer to rotate the files.
    pub files: Sender<FileRequest>,
    /// Says how the run is doing.
    pub status: Arc<Status>,
}

impl ControlThread {
    /// Answers until the run has ended.
    pub fn run(self) {
        while self.waits() {
            if let Ok((client, _)) = self.socket.listener.accept() {
                // What becomes of one client is its own affair.
                let _ = self.serve(&client);
            }
        }
    }

    /// Waits for a client. Returns false if the run has ended.
    fn waits(&self) -> bool {
        let mut ready = [
            PollFd::new(&self.socket.listener, PollFlags::IN),
            PollFd::new(&self.socket.ended, PollFlags::IN),
        ];
        match poll(&mut ready, None) {
            Ok(_) => ready[1].revents().is_empty(),
            Err(error) => error == rustix::io::Errno::INTR,
        }
    }

    fn serve(&self, mut client: &UnixStream) -> io::Result<()> {
        client.set_read_timeout(Some(PATIENCE))?;
        client.set_write_timeout(Some(PATIENCE))?;
        let mut line = String::new();
        BufReader::new(client.take(LONGEST)).read_line(&mut line)?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let reply = match ControlRequest::parse(&words) {
            Ok(request) => self.answer(request),
            Err(why) => ControlReply::Refused(why),
        };
        let mut answer = serde_json::to_vec(&reply).expect("text has a JSON form");
        answer.push(b'\n');
        client.write_all(&answer)
    }

    fn answer(&self, request: ControlRequest) -> ControlReply {
        let order = match request {
            ControlRequest::Status => return self.say_status(),
            ControlRequest::Rotate => return self.have_rotated(),
            ControlRequest::Reload => {
                return match (self.reload)() {
                    Ok(what) => ControlReply::Done(what),
                    Err(why) => ControlReply::Refused(why),
                };
            }
            ControlRequest::Rate(rate) => Order::Act(Act::Rate(rate)),
            ControlRequest::Start(event) => Order::Act(Act::Start(event)),
            ControlRequest::Stop(event) => Order::Act(Act::Stop(event)),
            ControlRequest::Pause => Order::Pause,
            ControlRequest::Resume => Order::Resume,
        };
        match self.orders.give(order) {
            Obeyed::Done(what) => ControlReply::Done(what),
            Obeyed::Refused(why) => ControlReply::Refused(why),
            Obeyed::Busy => ControlReply::Refused(Obeyed::BUSY.to_owned()),
            Obeyed::NeedsAnotherSite(_) => unreachable!("only a reload can need one"),
        }
    }

    fn say_status(&self) -> ControlReply {
        let (_, health) = self.status.health(Instant::now(), Timestamp::now());
        let text = serde_json::to_string_pretty(&health).expect("counts have a JSON form");
        ControlReply::Done(text)
    }

    fn have_rotated(&self) -> ControlReply {
        let (done, rotated) = bounded(1);
        let asked = self.files.send(FileRequest::Rotate(done)).is_ok();
        match asked && rotated.recv().is_ok() {
            true => ControlReply::Done("The log files are rotated".to_owned()),
            false => ControlReply::Refused("the run is ending".to_owned()),
        }
    }
}
