#include "CFFmpeg.h"

#include <dlfcn.h>
#include <libavdevice/version_major.h>
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

const enum AVPixelFormat *fm_encoder_pixel_formats(const AVCodec *codec) { return codec->pix_fmts; }

const AVRational *fm_encoder_frame_rates(const AVCodec *codec) { return codec->supported_framerates; }

#define FM_TEXT(x) #x
#define FM_LIBRARY(version) "libavdevice.so." FM_TEXT(version)

int fm_register_devices(void) {
  // The version that the headers of the other libraries came with: their structures are shared.
  void *library = dlopen(FM_LIBRARY(LIBAVDEVICE_VERSION_MAJOR), RTLD_NOW | RTLD_GLOBAL);
  void (*registers)(void) = library ? (void (*)(void))dlsym(library, "avdevice_register_all") : NULL;
  if (registers) registers();
  return registers != NULL;
}
