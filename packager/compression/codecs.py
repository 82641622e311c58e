"""Returns the codec for each choice of `--compression`; loads compiled libraries only when needed."""

from typing import get_args

from packager.compression.codec import Codec, Compression

CHOICES: tuple[Compression, ...] = get_args(Compression)
ENDINGS: dict[Compression, str] = {"gzip": ".tar.gz", "zstd": ".tar.zst", "none": ".tar"}


def codec_of(compression: Compression) -> Codec:
    """Returns the codec of this compression."""
    if compression == "gzip":
        from packager.compression.gzip_codec import GzipCodec

        return GzipCodec()
    if compression == "zstd":
        from packager.compression.zstd_codec import ZstdCodec

        return ZstdCodec()
    from packager.compression.plain_codec import PlainCodec

    return PlainCodec()


def small_files_codec_of(compression: Compression) -> Codec:
    """Returns the codec for everything but the images; for zstd and none, the same one."""
    if compression == "gzip":
        from packager.compression.gzip_codec import SmallFilesCodec

        return SmallFilesCodec()
    return codec_of(compression)
