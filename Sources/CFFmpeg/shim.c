#include "CFFmpeg.h"

#include <dlfcn.h>
#include <libavdevice/version_major.h>
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/timecode.h>
#include <stdio.h>
#include <string.h>

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

static fm_log_sink log_sink;

// Contexts made inside libav (parsers, a demuxer's private data) lead to the one we made through their parents.
static void *log_owner(void *object) {
  for (int depth = 0; object && depth < 4; depth++) {
    const AVClass *class = *(const AVClass **)object;
    if (!class) return NULL;
    if (!strcmp(class->class_name, "AVCodecContext")) return ((AVCodecContext *)object)->opaque;
    if (!strcmp(class->class_name, "AVFormatContext")) return ((AVFormatContext *)object)->opaque;
    if (!class->parent_log_context_offset) return NULL;
    object = *(void **)((char *)object + class->parent_log_context_offset);
  }
  return NULL;
}

static void log_line(void *object, int level, const char *format, va_list arguments) {
  if (level < 0 || (level & 0xff) > AV_LOG_WARNING) return;
  char line[1024];
  int used = 0;
  const AVClass *class = object ? *(const AVClass **)object : NULL;
  // A demuxer's name may be a list: its first part will do.
  if (class && class->item_name) {
    const char *name = class->item_name(object);
    used = snprintf(line, 64, "%.*s: ", (int)strcspn(name, ","), name);
  }
  if (used < 0 || used > 63) used = 0;
  vsnprintf(line + used, sizeof line - (size_t)used, format, arguments);
  log_sink(log_owner(object), level & 0xff, line);
}

void fm_log_install(fm_log_sink sink) {
  log_sink = sink;
  av_log_set_callback(log_line);
}

int fm_frame_is_key(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 29, 100)
  return !!(frame->flags & AV_FRAME_FLAG_KEY);
#else
  return frame->key_frame;
#endif
}

int64_t fm_frame_duration(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
  return frame->duration;
#else
  return frame->pkt_duration;
#endif
}

int fm_frame_is_interlaced(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 29, 100)
  return !!(frame->flags & AV_FRAME_FLAG_INTERLACED);
#else
  return frame->interlaced_frame;
#endif
}

void fm_frame_set_duration(AVFrame *frame, int64_t duration) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
  frame->duration = duration;
#else
  frame->pkt_duration = duration;
#endif
}

int fm_frame_is_damaged(const AVFrame *frame) {
  return frame->decode_error_flags != 0 || (frame->flags & AV_FRAME_FLAG_CORRUPT);
}

const int32_t *fm_stream_display_matrix(const AVStream *stream) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 30, 100)
  const AVPacketSideData *side = av_packet_side_data_get(
      stream->codecpar->coded_side_data, stream->codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
  return side && side->size >= 9 * sizeof(int32_t) ? (const int32_t *)side->data : NULL;
#else
  size_t size = 0;
  const uint8_t *data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
  return data && size >= 9 * sizeof(int32_t) ? (const int32_t *)data : NULL;
#endif
}

int64_t fm_stream_last_index_time(AVStream *stream) {
  for (int index = avformat_index_get_entries_count(stream) - 1; index >= 0; index--) {
    const AVIndexEntry *entry = avformat_index_get_entry(stream, index);
    if (entry && !(entry->flags & AVINDEX_DISCARD_FRAME)) return entry->timestamp;
  }
  return AV_NOPTS_VALUE;
}

AVChapter *fm_add_chapter(AVFormatContext *context, AVRational time_base, int64_t start, int64_t end) {
  AVChapter *chapter = av_mallocz(sizeof *chapter);
  if (!chapter) return NULL;
  chapter->id = context->nb_chapters;
  chapter->time_base = time_base;
  chapter->start = start;
  chapter->end = end;
  int count = (int)context->nb_chapters;
  if (av_dynarray_add_nofree(&context->chapters, &count, chapter) < 0) {
    av_free(chapter);
    return NULL;
  }
  context->nb_chapters = (unsigned)count;
  return chapter;
}

int fm_timecode_advance(char *text, AVRational rate, int frames) {
  AVTimecode timecode;
  if (av_timecode_init_from_string(&timecode, rate, text, NULL) < 0) return 0;
  char advanced[AV_TIMECODE_STR_SIZE];
  av_timecode_make_string(&timecode, advanced, frames);
  snprintf(text, 32, "%s", advanced);
  return 1;
}

const enum AVPixelFormat *fm_encoder_pixel_formats(const AVCodec *codec) { return codec->pix_fmts; }

const AVRational *fm_encoder_frame_rates(const AVCodec *codec) { return codec->supported_framerates; }

const enum AVSampleFormat *fm_encoder_sample_formats(const AVCodec *codec) { return codec->sample_fmts; }

const int *fm_encoder_sample_rates(const AVCodec *codec) { return codec->supported_samplerates; }

const AVChannelLayout *fm_encoder_channel_layouts(const AVCodec *codec) { return codec->ch_layouts; }

int fm_resample(struct SwrContext *resampler, uint8_t **out, int room, uint8_t *const *in, int count) {
  return swr_convert(resampler, out, room, (const uint8_t **)in, count);
}

int fm_fifo_write(AVAudioFifo *fifo, uint8_t **planes, int count) {
  return av_audio_fifo_write(fifo, (void **)planes, count);
}

int fm_fifo_read(AVAudioFifo *fifo, uint8_t **planes, int count) {
  return av_audio_fifo_read(fifo, (void **)planes, count);
}

#define FM_WORD(x) #x
#define FM_TEXT(x) FM_WORD(x)
#define FM_LIBRARY(name, version) name ".so." FM_TEXT(version)

// Debian names the packages of FFmpeg's libraries by their major versions.
const char *fm_device_package(void) { return "libavdevice" FM_TEXT(LIBAVDEVICE_VERSION_MAJOR); }
const char *fm_filter_package(void) { return "libavfilter" FM_TEXT(LIBAVFILTER_VERSION_MAJOR); }

int fm_register_devices(void) {
  // The version that the headers of the other libraries came with: their structures are shared.
  void *library = dlopen(FM_LIBRARY("libavdevice", LIBAVDEVICE_VERSION_MAJOR), RTLD_NOW | RTLD_GLOBAL);
  void (*registers)(void) = library ? (void (*)(void))dlsym(library, "avdevice_register_all") : NULL;
  if (registers) registers();
  return registers != NULL;
}

// What is used of libavfilter, found by name in the library once it is loaded.
static struct {
  int is_complete;
  const AVFilter *(*get_by_name)(const char *);
  AVFilterGraph *(*graph_alloc)(void);
  int (*create)(AVFilterContext **, const AVFilter *, const char *, const char *, void *, AVFilterGraph *);
  int (*link)(AVFilterContext *, unsigned, AVFilterContext *, unsigned);
  int (*config)(AVFilterGraph *, void *);
  void (*graph_free)(AVFilterGraph **);
  int (*send)(AVFilterContext *, AVFrame *, int);
  int (*receive)(AVFilterContext *, AVFrame *);
} filters;

struct fm_deinterlacer {
  AVFilterGraph *graph;
  AVFilterContext *source, *sink;
};

int fm_deinterlacer_available(void) {
  if (filters.is_complete) return 1;
  void *library = dlopen(FM_LIBRARY("libavfilter", LIBAVFILTER_VERSION_MAJOR), RTLD_NOW | RTLD_GLOBAL);
  if (!library) return 0;
  struct { void *place; const char *name; } symbols[] = {
    {&filters.get_by_name, "avfilter_get_by_name"}, {&filters.graph_alloc, "avfilter_graph_alloc"},
    {&filters.create, "avfilter_graph_create_filter"}, {&filters.link, "avfilter_link"},
    {&filters.config, "avfilter_graph_config"}, {&filters.graph_free, "avfilter_graph_free"},
    {&filters.send, "av_buffersrc_add_frame_flags"}, {&filters.receive, "av_buffersink_get_frame"},
  };
  for (size_t index = 0; index < sizeof symbols / sizeof *symbols; index++) {
    void *address = dlsym(library, symbols[index].name);
    if (!address) return 0;
    memcpy(symbols[index].place, &address, sizeof address);
  }
  filters.is_complete = 1;
  return 1;
}

fm_deinterlacer *fm_deinterlacer_open(const AVFrame *frame, int all, int *error) {
  *error = AVERROR(ENOSYS);
  if (!fm_deinterlacer_available()) return NULL;
  *error = AVERROR(ENOMEM);
  fm_deinterlacer *filter = av_mallocz(sizeof *filter);
  if (!filter) return NULL;
  filter->graph = filters.graph_alloc();
  if (filter->graph) {
    filter->graph->nb_threads = 1;
    char arguments[128];
    snprintf(
        arguments, sizeof arguments, "video_size=%dx%d:pix_fmt=%d:time_base=1/1000000:pixel_aspect=0/1", frame->width,
        frame->height, frame->format);
    AVFilterContext *bwdif = NULL;
    int result = filters.create(
        &filter->source, filters.get_by_name("buffer"), "in", arguments, NULL, filter->graph);
    if (result >= 0)
      result = filters.create(
          &bwdif, filters.get_by_name("bwdif"), "bwdif", all ? "mode=send_frame:deint=all" : "mode=send_frame:deint=interlaced",
          NULL, filter->graph);
    if (result >= 0)
      result = filters.create(&filter->sink, filters.get_by_name("buffersink"), "out", NULL, NULL, filter->graph);
    if (result >= 0) result = filters.link(filter->source, 0, bwdif, 0);
    if (result >= 0) result = filters.link(bwdif, 0, filter->sink, 0);
    if (result >= 0) result = filters.config(filter->graph, NULL);
    *error = result;
    if (result >= 0) return filter;
  }
  fm_deinterlacer_free(filter);
  return NULL;
}

int fm_deinterlacer_send(fm_deinterlacer *filter, AVFrame *frame) {
  return filters.send(filter->source, frame, AV_BUFFERSRC_FLAG_PUSH);
}

int fm_deinterlacer_receive(fm_deinterlacer *filter, AVFrame *frame) { return filters.receive(filter->sink, frame); }

void fm_deinterlacer_free(fm_deinterlacer *filter) {
  if (!filter) return;
  filters.graph_free(&filter->graph);
  av_free(filter);
}
