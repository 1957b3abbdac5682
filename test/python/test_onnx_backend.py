"""ONNX's own suite through mlc.onnx_backend: a few cases of each kind, and those that once failed."""

import unittest

import onnx.backend.test
import pytest

import mlc
import mlc.onnx_backend

CASES = [
    "test_add_bcast",
    "test_affine_grid_2d",
    "test_argmax_keepdims_example_select_last_index",
    "test_averagepool_2d_ceil_last_window_starts_on_pad",
    "test_averagepool_3d_dilations_large_count_include_pad_is_1_ceil_mode_is_True",
    "test_basic_conv_with_padding",
    "test_bitcast_bool_to_uint8",
    "test_bitcast_float64_to_int64",
    "test_cast_FLOAT_to_DOUBLE",
    "test_center_crop_pad_crop_and_pad",
    "test_clip_example",
    "test_col2im_5d",
    "test_compress_negative_axis",
    "test_constantofshape_float_ones",  # sizes that come with the data
    "test_constantofshape_int_shape_zero",
    "test_convinteger_without_padding",
    "test_convtranspose_group_2_image_3",
    "test_convtranspose_output_shape",
    "test_cumprod_2d_axis_1",
    "test_cumsum_2d_negative_axis",
    "test_depthtospace_crd_mode_example",
    "test_edge_pad",
    "test_expand_dim_changed",
    "test_expand_dim_unchanged",
    "test_eyelike_with_dtype",
    "test_gather_0",
    "test_gather_1",
    "test_gather_2d_indices",
    "test_gather_elements_0",
    "test_gather_elements_negative_indices",
    "test_gather_negative_indices",
    "test_gathernd_example_float32",
    "test_gathernd_example_int32_batch_dim1",
    "test_gemm_all_attributes",
    "test_gridsample_reflection_padding",
    "test_lppool_2d_dilations",
    "test_matmul_3d",
    "test_maxpool_3d_dilations_use_ref_impl_large",
    "test_maxunpool_export_with_output_shape",
    "test_nonmaxsuppression_two_classes",
    "test_nonzero_example",
    "test_onehot_negative_indices",
    "test_range_float_type_positive_delta",
    "test_reduce_max_default_axes_keepdim_example",
    "test_reflect_pad",
    "test_resize_downsample_scales_linear_antialias",
    "test_resize_tf_crop_and_resize",
    "test_resize_upsample_sizes_cubic",
    "test_reversesequence_time",
    "test_roialign_aligned_false",
    "test_scatter_elements_with_reduction_max",
    "test_scatternd_add",
    "test_slice_default_axes",
    "test_softmax_axis_1",
    "test_tensorscatter_circular",
    "test_top_k_smallest",
    "test_transpose_all_permutations_4",
    "test_tril_pos",
    "test_unique_not_sorted_without_axis",
    "test_unique_sorted_with_axis",
    "test_where_example",
]

suite = onnx.backend.test.BackendTest(mlc.onnx_backend.Backend, __name__)
found = {name: test for cases in suite.test_cases.values() for name, test in vars(cases).items()}


class TestCases(unittest.TestCase):
    """The cases above; one that the suite does not have is an error here."""

    for case in CASES:
        locals()[case] = found[f"{case}_cpu"]
    del case


def test_a_refused_model_is_a_compile_error():
    node = onnx.helper.make_node("StringSplit", ["x"], ["y", "n"], name="split")
    tensor = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        [node],
        "g",
        [tensor("x", onnx.TensorProto.STRING, [1])],
        [tensor("y", onnx.TensorProto.STRING, [1, None]), tensor("n", onnx.TensorProto.INT64, [1])],
    )
    with pytest.raises(mlc.CompileError):
        mlc.onnx_backend.prepare(onnx.helper.make_model(graph))
