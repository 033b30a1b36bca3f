import type { FailureMessages } from '../topics/failures.ts';

export const failures: FailureMessages = {
  internal:
    'Something went wrong in Impasto itself. Try again; if it happens again, tell whoever runs it this number: {incident}.',

  'image-empty': 'The file is empty. Send the picture again.',
  'image-file-too-large': 'The file is larger than {limit:megabytes} MB. Send a smaller one.',
  'image-not-an-image': 'The file is no picture. Send a JPEG, PNG, WebP or GIF picture.',
  'image-format-unsupported': '{format} pictures can’t be read. Send a JPEG, PNG, WebP or GIF picture.',
  'image-too-large':
    'The picture is {width} × {height} pixels; up to {pixels:megapixels} megapixels and {side} pixels a side can be read. Make it smaller.',
  'image-too-many-frames':
    'The animation has {frames} frames; up to {limit} can be read. Send a shorter one or a still picture.',
  'animation-too-large':
    'The animation has {frames} frames of {width} × {height} pixels; up to {pixels:megapixels} megapixels in all can be read. Send a shorter or smaller one.',
  'image-damaged': 'The picture is damaged or incomplete. Open it, save it again, and send that.',
  'picture-missing': 'I need a picture: attach one (JPEG, PNG, WebP or GIF) and send {example} with it.',
  'picture-not-found':
    'I found no picture. Attach one to {example}, answer a message that has one, or use “Stylize…” in that message’s menu.',
  'pictures-too-many': 'I take at most {most} pictures at once. Please send fewer.',
  'picture-link-expired': 'The link to this picture has expired. Please post the picture again.',
  'picture-host-refused': 'I do not fetch pictures from there. Please attach the picture itself.',
  'picture-host-away': 'The picture cannot be fetched just now. Try again in a moment.',
  'picture-refused': 'I cannot fetch this picture. Please attach the picture itself.',
  'picture-too-large': 'The file is larger than {limit:megabytes} MB. Send a smaller one.',
  'picture-gone': 'This picture is no longer stored. Please send it again.',
  'picture-expired':
    'This picture is no longer stored: pictures are kept for a limited time. Please attach it again.',
  'picture-unknown': 'There is no such picture in this thread. Please attach it again.',
  'file-not-ready': 'Slack has not made this file ready in time. Try again in a moment.',
  'source-gone': 'The picture had to wait too long and is no longer stored. Please send it again.',
  'source-age-restricted':
    'This picture is from an age-restricted channel, so I answer it only in one. Ask again there.',
  'result-too-large':
    'The result is too large for this place: {limit:megabytes} MB is the most. Try a smaller picture.',

  'style-unknown': 'I know no style “{style}” any more. Please choose another.',
  'upscaler-unknown': 'I cannot enlarge so many times any more. Please choose another factor.',
  'upscale-too-large':
    'Enlarged, the picture would be {width} × {height} pixels; {pixels:megapixels} megapixels are the most. Send a smaller one.',
  'animation-result-too-large':
    'Enlarged, the animation would have {frames} frames of {width} × {height} pixels; {pixels:megapixels} megapixels in all are the most. Send a shorter or smaller one.',
  'strength-out-of-range': 'The strength must be a number from 0 to 1, such as 0.7.',
  'network-failed': 'I failed on a picture of {width} × {height} pixels. Try a smaller one.',
  'queue-full': 'Too many pictures are waiting just now. Try again in a few minutes.',
  'storage-full': 'There is no room for more pictures just now. Try again in a little while.',
  'redis-away': 'I cannot reach my memory just now. Try again in a moment.',
  'workers-lost': 'Work on this picture broke off again and again. Try another picture or a smaller one.',
  'job-too-slow': 'This picture was given up after {jobSeconds} seconds. Try a smaller one.',
  'child-died': 'Work on this picture broke off. Try again, or try a smaller one.',

  'limit-person': 'You have had your {limit} pictures for now. More from {until:when} on.',
  'limit-server': 'This server has had its {limit} pictures for now. More from {until:when} on.',
  'channel-not-allowed':
    'I do not work in this channel. Those who manage the server have chosen others for me: {channels}.',
  'server-off': 'I am switched off in this server. Those who manage it can switch me on again.',
  'server-only': 'This works in a server only, not in private.',
  'server-settings-damaged':
    'The settings of this server cannot be read. Those who manage it should set them anew.',
  'managers-only': 'Only those who manage this server may do that.',
  'cancel-not-yours': 'Only the person who asked can cancel this.',
  'delete-not-yours': 'Only the person who asked, or a moderator, can delete this.',
  'request-over': 'This one is over already.',
  'permissions-missing': 'I may not do that here. Please have me given: {permissions}.',
  'message-content-off':
    'I may not read messages here. Use the message’s menu instead: Apps → Stylize…, or attach the picture to the command.',
  'scopes-missing': 'I may not do that in this workspace. Whoever installed me should grant: {scopes}.',
  'not-in-channel': 'I am not in this channel. Invite me with /invite, then ask again.',

  'slack-not-installed':
    'I am no longer installed in this workspace. Those who manage it can install me again.',
  'discord-away': 'Discord does not answer me just now. Try again in a moment.',
  'discord-busy': 'Discord asks me to slow down. Try again in a moment.',
  'discord-message-gone': 'The message is no longer there.',
  'discord-place-gone': 'This channel is no longer there.',
  'discord-access-missing': 'I cannot see this channel. Please have me let in.',
  'discord-permission-missing': 'I lack a permission in this channel. Please have it given to me.',
  'discord-interaction-gone': 'That took me too long to answer. Please ask again.',
  'discord-interaction-answered': 'I have answered this already.',
  'discord-upload-too-large': 'The file is larger than Discord takes here. Try a smaller picture.',
  'discord-thread-exists': 'This message has a thread already.',
  'discord-reply-impossible': 'I cannot reply to this message.',

  'slack-away': 'Slack does not answer just now. Try again in a moment.',
  'slack-rate-limited': 'Slack wants a pause just now. Try again in a moment.',
  'slack-placeholder-busy': 'The message for this answer could not be posted. Please ask again.',
  'slack-file-late': 'Slack has not made the finished picture ready in time. Please ask again.',
  'slack-page-for-file':
    'Slack gave me a sign-in page in place of the file. Whoever installed me should check the scope {scopes}, and install me again.',
  'slack-channel-closed': 'Nothing can be posted in this channel.',
  'slack-uploads-forbidden':
    'This workspace takes no more files, or none from apps. Ask those who manage it.',
  'slack-user-unknown': 'Slack tells me nothing of this person.',
  'slack-message-gone': 'The message is no longer there.',
  'slack-trigger-expired': 'That took me too long to open. Please ask once more.',
  'slack-view-changed': 'This form was changed or closed meanwhile.',

  'session-missing': 'Your session has ended. Load the page again.',
  'host-refused':
    'The playground does not answer under this address. Open it by the address that it printed when it started, or allow this host in its settings.',
  'origin-refused': 'Another site may not speak to the playground. Open its own page instead.',
  'not-found': 'There is nothing at this address.',
  'sample-unknown': 'There is no such sample photo.',
  'message-unknown': 'There is no such message in this thread any more.',
  'request-invalid': 'The playground does not understand this request.',
  'file-missing': 'No file came with this upload. Please choose a picture.',
  'files-too-many': 'This upload holds several files. Please send one at a time.',
  'request-too-large': 'This request is too large.',
  'content-type-unsupported':
    'The playground does not take this kind of content. Send JSON, or a form with a file.',
  'too-fast': 'That was a lot at once. Please wait a moment, then go on.',
  'too-many-uploads': 'Many pictures are being uploaded just now. Try again in a moment.',
  'upload-silent': 'The upload stopped halfway. Please attach the picture again.',
};
