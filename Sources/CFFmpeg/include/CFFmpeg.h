#ifndef CFFMPEG_H
#define CFFMPEG_H
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/audio_fifo.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/cpu.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>

// Macros that compute their value are not imported by Swift.
static const int64_t fm_no_timestamp = AV_NOPTS_VALUE;
static const int fm_error_end = AVERROR_EOF;
static const int fm_error_exit = AVERROR_EXIT;
static const int fm_error_invalid_data = AVERROR_INVALIDDATA;
static const int fm_error_unknown_decoder = AVERROR_DECODER_NOT_FOUND;
static const int fm_error_unknown_protocol = AVERROR_PROTOCOL_NOT_FOUND;
static const int fm_error_http_server = AVERROR_HTTP_SERVER_ERROR;

// The tags of libavutil's AVERROR_HTTP_* are macros of characters.
static inline int fm_error_is_http(int code) {
    return code == AVERROR_HTTP_BAD_REQUEST || code == AVERROR_HTTP_UNAUTHORIZED || code == AVERROR_HTTP_FORBIDDEN
        || code == AVERROR_HTTP_NOT_FOUND || code == AVERROR_HTTP_OTHER_4XX || code == AVERROR_HTTP_SERVER_ERROR;
}

/// Receives one line of libav's log: `owner` is the `opaque` of the format or codec context it came from, or
/// null. av_log's own callback is variadic (va_list), which Swift cannot define.
typedef void (*fm_log_sink)(void *owner, int level, const char *text);
void fm_log_install(fm_log_sink sink);

/// Registers libavdevice's inputs and outputs; 1 if that library is there. It is loaded only when a device is asked
/// for by name: it brings a hundred libraries of windows and sound systems, and with them most of a start's time.
int fm_register_devices(void);
/// The Debian packages of libavdevice and libavfilter in the versions that the tool was compiled for.
const char *fm_device_package(void);
const char *fm_filter_package(void);

/// libavfilter's bwdif (Weston's "w3fdif" and yadif combined) on its own: pictures in, as many pictures out. Loaded
/// only when interlaced pictures come: loading it and its dependencies would be most of a start's time.
typedef struct fm_deinterlacer fm_deinterlacer;
/// 1 if libavfilter is there.
int fm_deinterlacer_available(void);
/// A filter for pictures like `frame`, or null; `all`: also for pictures that are not marked as interlaced.
fm_deinterlacer *fm_deinterlacer_open(const AVFrame *frame, int all, int *error);
/// Takes a picture over, or, with null, the end; a libav error code.
int fm_deinterlacer_send(fm_deinterlacer *filter, AVFrame *frame);
/// A picture whose presentation time and duration are not to be relied on, EAGAIN or AVERROR_EOF.
int fm_deinterlacer_receive(fm_deinterlacer *filter, AVFrame *frame);
void fm_deinterlacer_free(fm_deinterlacer *filter);

/// Whether the frame is made of two fields: a field of the structure before FFmpeg 6.1, a flag since.
int fm_frame_is_interlaced(const AVFrame *frame);
void fm_frame_set_duration(AVFrame *frame, int64_t duration);

/// 1 if the frame is a key frame: a field before FFmpeg 6.1, a flag since.
int fm_frame_is_key(const AVFrame *frame);
/// The frame's duration in its stream's time base; the field's name changed in FFmpeg 6.0.
int64_t fm_frame_duration(const AVFrame *frame);
/// Whether the decoder marked the frame as damaged.
int fm_frame_is_damaged(const AVFrame *frame);
/// The display matrix (nine numbers) of a stream, or null; side data moved in FFmpeg 6.1.
const int32_t *fm_stream_display_matrix(const AVStream *stream);
/// The time of the last entry of a stream's index that is to be shown, or no timestamp if there is none. The entries'
/// flags are bit fields.
int64_t fm_stream_last_index_time(AVStream *stream);
/// Adds a chapter to what a muxer will write; its metadata may be set. Null if there is no memory for it.
AVChapter *fm_add_chapter(AVFormatContext *context, AVRational time_base, int64_t start, int64_t end);
/// Advances a time code of the form hh:mm:ss:ff (or ;ff) by frames; 0 if it cannot be read. `text` has room for 32 bytes.
int fm_timecode_advance(char *text, AVRational rate, int frames);
/// What an encoder takes, ended by AV_PIX_FMT_NONE, or null for anything; deprecated fields in FFmpeg 7.1.
const enum AVPixelFormat *fm_encoder_pixel_formats(const AVCodec *codec);
/// The frame rates an encoder takes, ended by 0/0, or null for any; deprecated field in FFmpeg 7.1.
const AVRational *fm_encoder_frame_rates(const AVCodec *codec);
/// The sample formats an encoder takes, ended by AV_SAMPLE_FMT_NONE, or null for any; deprecated field in FFmpeg 7.1.
const enum AVSampleFormat *fm_encoder_sample_formats(const AVCodec *codec);
/// The sample rates an encoder takes, ended by 0, or null for any; deprecated field in FFmpeg 7.1.
const int *fm_encoder_sample_rates(const AVCodec *codec);
/// The channel layouts an encoder takes, ended by one of no channels, or null for any; deprecated field in FFmpeg 7.1.
const AVChannelLayout *fm_encoder_channel_layouts(const AVCodec *codec);
/// swr_convert, av_audio_fifo_write and av_audio_fifo_read, whose pointers to planes differ between versions in `const`
/// and `void` only.
int fm_resample(struct SwrContext *resampler, uint8_t **out, int room, uint8_t *const *in, int count);
int fm_fifo_write(AVAudioFifo *fifo, uint8_t **planes, int count);
int fm_fifo_read(AVAudioFifo *fifo, uint8_t **planes, int count);
#endif
